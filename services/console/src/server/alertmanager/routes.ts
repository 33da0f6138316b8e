import { Router } from 'express';
import { type AlertmanagerConfig, type Silence, silenceRequestSchema } from '../../contract/index.ts';
import { jsonBody } from '../http/json-body.ts';
import { parse } from '../http/parameters.ts';
import { HttpProblem } from '../http/problem.ts';
import { fromOwnPages } from '../http/same-origin.ts';
import { call, messageIn, type Upstream } from '../http/upstream.ts';
import { readSilences, readStatus } from './queries.ts';
import { readAlertmanagerConfig } from './routing-tree.ts';

const PASSED = ['status', 'silences', 'alerts'] as const;
const SILENCE_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const ORDER = { active: 0, pending: 1, expired: 2 } as const;

export function alertmanagerRoutes(alertmanager: Upstream): Router {
  const router = Router();

  for (const name of PASSED) {
    router.get(`/api/alertmanager/${name}`, async (_request, response) => {
      const { status, text } = await call(alertmanager, `/api/v2/${name}`);
      response.status(status).type('application/json').set('Cache-Control', 'no-store').send(text);
    });
  }

  router.get('/api/alertmanager/config', async (_request, response) => {
    const { config, versionInfo, uptime } = await readStatus(alertmanager);
    const answer: AlertmanagerConfig = {
      version: versionInfo.version,
      startedAt: iso(uptime),
      yaml: config.original,
      ...readAlertmanagerConfig(config.original),
    };
    response.json(answer);
  });

  router.get('/api/silences', async (_request, response) => {
    const items: Silence[] = (await readSilences(alertmanager)).map(
      ({ status, startsAt, endsAt, updatedAt, ...silence }) => ({
        ...silence,
        state: status.state,
        startsAt: iso(startsAt) ?? startsAt,
        endsAt: iso(endsAt) ?? endsAt,
        updatedAt: iso(updatedAt) ?? updatedAt,
      }),
    );
    items.sort((a, b) => ORDER[a.state] - ORDER[b.state] || b.endsAt.localeCompare(a.endsAt));
    response.json({ items });
  });

  router.post('/api/silences', fromOwnPages, ...jsonBody('64kb'), async (request, response) => {
    const silence = parse(silenceRequestSchema, request.body, 'body');
    const startsAt = silence.startsAt ?? new Date().toISOString();
    if (Date.parse(silence.endsAt) <= Math.max(Date.now(), Date.parse(startsAt))) {
      throw new HttpProblem(400, 'endsAt: expected a time after startsAt and after now', {
        parameter: 'endsAt',
      });
    }
    const { ok, status, text } = await call(alertmanager, '/api/v2/silences', {
      method: 'POST',
      contentType: 'application/json',
      body: JSON.stringify({ ...silence, startsAt }),
    });
    if (!ok)
      throw new HttpProblem(
        status === 400 ? 400 : 502,
        `Alertmanager refused the silence: ${messageIn(text)}`,
      );
    const { silenceID } = JSON.parse(text) as { silenceID?: unknown };
    if (typeof silenceID !== 'string')
      throw new HttpProblem(502, 'Alertmanager answered without the id of the silence');
    response.status(201).json({ id: silenceID });
  });

  router.delete('/api/silences/:id', fromOwnPages, async (request, response) => {
    const id = String(request.params['id']);
    if (!SILENCE_ID.test(id))
      throw new HttpProblem(400, 'id: expected the id of a silence', { parameter: 'id' });
    const { ok, status, text } = await call(alertmanager, `/api/v2/silence/${id}`, { method: 'DELETE' });
    if (!ok) {
      // Alertmanager gives the reason in words only, so the silence itself is looked at.
      const silence = (await readSilences(alertmanager)).find((each) => each.id === id);
      if (silence === undefined) throw new HttpProblem(404, `there is no silence ${id}`);
      // Whoever expires it twice has what they wanted.
      if (silence.status.state !== 'expired')
        throw new HttpProblem(502, `Alertmanager answered ${status}: ${messageIn(text)}`);
    }
    response.status(204).end();
  });
  return router;
}

function iso(time: string): string | null {
  const ms = Date.parse(time);
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}
