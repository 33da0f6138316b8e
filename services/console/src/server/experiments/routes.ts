import type { Telemetry } from '@lab/telemetry';
import { Router } from 'express';
import {
  experimentEndSchema,
  experimentId,
  experimentParameters,
  experimentStartSchema,
} from '../../contract/experiments.ts';
import type { StateStore } from '../../store/index.ts';
import { bearer } from '../http/bearer.ts';
import { jsonBody } from '../http/json-body.ts';
import { parse, query, wholeNumber } from '../http/parameters.ts';
import { HttpProblem } from '../http/problem.ts';
import { METRICS } from '../metrics.ts';

interface Options {
  state: StateStore;
  telemetry: Telemetry;
  labToken: string | undefined;
}

export function experimentRoutes({ state, telemetry, labToken }: Options): {
  router: Router;
  refresh: () => Promise<void>;
} {
  const router = Router();
  const gauge = new ActiveGauge(telemetry);

  const refresh = async () => {
    const { items } = await state.call('experiments', {
      name: undefined,
      state: 'running',
      limit: 200,
      cursor: undefined,
      nowMs: Date.now(),
    });
    gauge.show(items.map(({ name }) => name));
  };
  const found = async (id: string) => {
    const experiment = await state.call('experiment', { id, nowMs: Date.now() });
    if (!experiment) throw new HttpProblem(404, `there is no experiment ${id}`);
    return experiment;
  };

  router.post('/api/experiments', bearer(labToken), ...jsonBody('64kb'), async (request, response) => {
    const start = parse(experimentStartSchema, request.body, 'body');
    const { created } = await state.call('startExperiment', start);
    await refresh();
    response
      .status(created ? 201 : 200)
      .location(`/api/experiments/${start.id}`)
      .json(await found(start.id));
  });

  router.post('/api/experiments/:id/end', bearer(labToken), ...jsonBody('4mb'), async (request, response) => {
    const id = parse(experimentId, request.params['id'], 'id');
    const end = parse(experimentEndSchema, request.body, 'body');
    if (!(await state.call('endExperiment', { id, end })))
      throw new HttpProblem(404, `there is no experiment ${id}`);
    await refresh();
    response.json(await found(id));
  });

  router.get('/api/experiments', async (request, response) => {
    const { name, state: wanted, limit, cursor } = query(experimentParameters, request);
    if (cursor !== undefined && !/^\d{1,16}-[A-Za-z0-9._-]{1,128}$/.test(cursor)) {
      throw new HttpProblem(400, 'cursor: expected the nextCursor of the page before', {
        parameter: 'cursor',
      });
    }
    response.json(
      await state.call('experiments', {
        name,
        state: wanted,
        cursor,
        limit: wholeNumber(limit, 'limit', { min: 1, max: 200, fallback: 50 }),
        nowMs: Date.now(),
      }),
    );
  });

  router.get('/api/experiments/:id', async (request, response) => {
    response.json(await found(parse(experimentId, request.params['id'], 'id')));
  });
  return { router, refresh };
}

/** Names shown by name; further ones count as `other`, so that the label stays bounded. */
const MOST_NAMES = 60;

class ActiveGauge {
  readonly #gauge: ReturnType<typeof gaugeOf>;
  readonly #names = new Set<string>();

  constructor(telemetry: Telemetry) {
    this.#gauge = gaugeOf(telemetry);
  }

  show(active: string[]): void {
    for (const name of this.#names) this.#gauge.set({ experiment: name }, 0);
    for (const name of active) {
      const label = this.#names.has(name) || this.#names.size < MOST_NAMES ? name : 'other';
      this.#names.add(label);
      this.#gauge.set({ experiment: label }, 1);
    }
  }
}

const gaugeOf = (telemetry: Telemetry) => telemetry.gauge(METRICS.lab_experiment_active);
