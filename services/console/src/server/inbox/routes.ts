import type { Telemetry } from '@lab/telemetry';
import express, { type Request, Router } from 'express';
import { channelSchema, inboxParameters, slackMessageSchema } from '../../contract/inbox.ts';
import type { StateStore } from '../../store/index.ts';
import { moment, parse, query, wholeNumber } from '../http/parameters.ts';
import { HttpProblem } from '../http/problem.ts';
import { fromPrograms } from '../http/same-origin.ts';
import { METRICS } from '../metrics.ts';
import { readSlackMessage } from './slack-message.ts';

/** Channels counted by name; messages to others count as `other`, so that the label stays bounded. */
const MOST_CHANNELS = 20;
const BODY_LIMIT = '512kb';

export function inboxRoutes({ state, telemetry }: { state: StateStore; telemetry: Telemetry }): Router {
  const router = Router();
  const counter = telemetry.counter(METRICS.inbox_messages_total);
  const counted = new Set<string>();

  router.post(
    '/hooks/slack/:channel',
    fromPrograms,
    express.json({ limit: BODY_LIMIT }),
    express.urlencoded({ limit: BODY_LIMIT, extended: false, parameterLimit: 10 }),
    async (request, response) => {
      const channel = parse(channelSchema, request.params['channel'], 'channel');
      const body = parse(slackMessageSchema, payloadOf(request), 'body');
      const read = readSlackMessage(channel, body, new Date());
      if (!read)
        throw new HttpProblem(400, 'body: expected text, attachments or blocks that show something', {
          parameter: 'text',
        });
      await state.call('addMessage', read);
      if (counted.size < MOST_CHANNELS) counted.add(channel);
      counter.inc({ channel: counted.has(channel) ? channel : 'other', status: read.message.status });
      response.type('text/plain').send('ok');
    },
  );

  router.get('/api/inbox', async (request, response) => {
    const { channel, status, q, since, limit, cursor } = query(inboxParameters, request);
    if (cursor !== undefined && !/^\d{1,15}$/.test(cursor)) {
      throw new HttpProblem(400, 'cursor: expected the nextCursor of the page before', {
        parameter: 'cursor',
      });
    }
    const page = await state.call('messages', {
      channel,
      status,
      words: (q ?? '')
        .toLowerCase()
        .split(/\s+/)
        .filter((word) => word !== '')
        .slice(0, 20),
      sinceMs: since === undefined ? 0 : moment(since, 'since', Date.now()),
      limit: wholeNumber(limit, 'limit', { min: 1, max: 200, fallback: 50 }),
      before: cursor === undefined ? undefined : Number(cursor),
    });
    response.json(page);
  });

  router.get('/api/inbox/:id', async (request, response) => {
    const id = String(request.params['id']);
    const message = /^\d{1,15}$/.test(id) ? await state.call('message', Number(id)) : undefined;
    if (!message)
      throw new HttpProblem(404, `there is no message ${JSON.stringify(id.slice(0, 40))} (any more)`);
    response.json(message);
  });
  return router;
}

/** JSON, or Slack's older form field `payload`. */
function payloadOf(request: Request): unknown {
  if (request.is('application/x-www-form-urlencoded')) {
    try {
      return JSON.parse(String(request.body?.payload));
    } catch (cause) {
      throw new HttpProblem(400, 'payload: expected JSON', { parameter: 'payload', cause });
    }
  }
  if (request.body === undefined) {
    throw new HttpProblem(
      415,
      `expected content-type application/json, received ${request.get('content-type') ?? 'none'}`,
    );
  }
  return request.body;
}
