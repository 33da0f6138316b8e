import { Router } from 'express';
import { timeRangeParameters } from '../../contract/time.ts';
import { traceSearchParameters } from '../../contract/traces.ts';
import { MAX_TAG_VALUE, type QueryStore } from '../../store/index.ts';
import { milliseconds, query, timeRange, wholeNumber } from '../http/parameters.ts';
import { HttpProblem } from '../http/problem.ts';
import { whenGone } from '../logs/routes.ts';

const SEARCH_BUDGET_MS = 2000;
const MAX_TAGS = 10;

export function traceRoutes({ store }: { store: QueryStore }): Router {
  const router = Router();

  router.get('/api/traces', async (request, response) => {
    const given = query(traceSearchParameters, request);
    const minDurationNs = milliseconds(given.minDurationMs, 'minDurationMs', 0);
    const maxDurationNs = milliseconds(given.maxDurationMs, 'maxDurationMs', Number.MAX_SAFE_INTEGER);
    if (minDurationNs > maxDurationNs) {
      throw new HttpProblem(400, 'minDurationMs: expected at most maxDurationMs', {
        parameter: 'minDurationMs',
      });
    }
    const search = {
      service: given.service,
      operation: given.operation,
      error: given.error === undefined ? undefined : given.error === 'true',
      minDurationNs,
      maxDurationNs,
      tags: tagsOf(given.tag),
      ...timeRange(given),
      limit: wholeNumber(given.limit, 'limit', { min: 1, max: 100, fallback: 20 }),
      cursor: given.cursor,
      budgetMs: SEARCH_BUDGET_MS,
    };
    response.json(await store.call('searchTraces', search, { signal: whenGone(request) }));
  });

  router.get('/api/traces/:traceId', async (request, response) => {
    const traceId = String(request.params['traceId']).toLowerCase();
    if (!/^[0-9a-f]{32}$/.test(traceId))
      throw new HttpProblem(400, 'traceId: expected 32 hex digits', { parameter: 'traceId' });
    const trace = await store.call('trace', traceId, { signal: whenGone(request) });
    if (!trace) throw new HttpProblem(404, `there is no trace ${traceId} (any more, or not sampled)`);
    response.json(trace);
  });

  router.get('/api/services', async (request, response) => {
    response.json(await store.call('services', timeRange(query(timeRangeParameters, request))));
  });

  router.get('/api/services/:service/operations', async (request, response) => {
    const service = String(request.params['service']);
    response.json(
      await store.call('operations', { service, ...timeRange(query(timeRangeParameters, request)) }),
    );
  });

  router.get('/api/service-graph', async (request, response) => {
    response.json(await store.call('serviceGraph', timeRange(query(timeRangeParameters, request))));
  });
  return router;
}

function tagsOf(given: string | string[] | undefined): { key: string; value: string }[] {
  const tags = given === undefined ? [] : [given].flat();
  if (tags.length > MAX_TAGS)
    throw new HttpProblem(400, `tag: expected at most ${MAX_TAGS}`, { parameter: 'tag' });
  return tags.map((tag) => {
    const at = tag.indexOf('=');
    const [key, value] = [tag.slice(0, at), tag.slice(at + 1)];
    if (at > 0 && value.length <= MAX_TAG_VALUE) return { key, value };
    throw new HttpProblem(
      400,
      `tag: expected key=value with a value of at most ${MAX_TAG_VALUE} characters, received ${JSON.stringify(tag.slice(0, 60))}`,
      {
        parameter: 'tag',
      },
    );
  });
}
