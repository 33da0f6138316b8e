import { type Request, Router } from 'express';
import {
  LOG_LEVELS,
  logFacetParameters,
  type logFilterParameters,
  logHistogramParameters,
  logSearchParameters,
  logTailParameters,
} from '../../contract/logs.ts';
import { parseQuery, type QueryStore } from '../../store/index.ts';
import { list, query, timeRange, wholeNumber } from '../http/parameters.ts';
import { HttpProblem } from '../http/problem.ts';
import type { LogTails } from './log-tails.ts';

/** After these, an answer is given with what was found or counted so far. Milliseconds. */
const SEARCH_BUDGET_MS = 2000;
const COUNT_BUDGET_MS = 1500;

export function logRoutes({ store, tails }: { store: QueryStore; tails: LogTails }): Router {
  const router = Router();

  router.get('/api/logs', async (request, response) => {
    const { limit, cursor, ...filter } = query(logSearchParameters, request);
    const search = {
      ...filterOf(filter),
      cursor,
      limit: wholeNumber(limit, 'limit', { min: 1, max: 500, fallback: 100 }),
      budgetMs: SEARCH_BUDGET_MS,
    };
    response.json(await store.call('searchLogs', search, { signal: whenGone(request) }));
  });

  router.get('/api/logs/histogram', async (request, response) => {
    const { bars, by, ...filter } = query(logHistogramParameters, request);
    const parameters = {
      ...filterOf(filter),
      bars: wholeNumber(bars, 'bars', { min: 10, max: 400, fallback: 60 }),
      by: by ?? 'level',
      budgetMs: COUNT_BUDGET_MS,
    };
    response.json(await store.call('logHistogram', parameters, { signal: whenGone(request) }));
  });

  router.get('/api/logs/facets', async (request, response) => {
    const { bars, ...filter } = query(logFacetParameters, request);
    const parameters = {
      ...filterOf(filter),
      bars: wholeNumber(bars, 'bars', { min: 10, max: 400, fallback: 60 }),
      budgetMs: COUNT_BUDGET_MS,
    };
    response.json(await store.call('logFacets', parameters, { signal: whenGone(request) }));
  });

  router.get('/api/logs/tail', (request, response) => {
    const { q, level, service } = query(logTailParameters, request);
    tails.open(response, { query: parseQuery(q ?? ''), levels: levelsOf(level), services: list(service) });
  });

  router.get('/api/logs/:id', async (request, response) => {
    const id = String(request.params['id']);
    const record = await store.call('log', id, { signal: whenGone(request) });
    if (!record)
      throw new HttpProblem(404, `there is no log record ${JSON.stringify(id.slice(0, 40))} (any more)`);
    response.json(record);
  });
  return router;
}

function filterOf({ q, level, service, from, to }: ReturnType<(typeof logFilterParameters)['parse']>) {
  return { query: q ?? '', levels: levelsOf(level), services: list(service), ...timeRange({ from, to }) };
}

function levelsOf(level: string | undefined): string[] {
  const levels = list(level);
  const wrong = levels.find((name) => !LOG_LEVELS.some((known) => known === name));
  if (wrong !== undefined) {
    throw new HttpProblem(
      400,
      `level: expected some of ${LOG_LEVELS.join(', ')}, received ${JSON.stringify(wrong.slice(0, 40))}`,
      { parameter: 'level' },
    );
  }
  return levels;
}

/** A search nobody waits for any more is not begun. */
export function whenGone(request: Request): AbortSignal {
  const controller = new AbortController();
  request.res?.once('close', () => controller.abort(new HttpProblem(503, 'the client went away')));
  return controller.signal;
}
