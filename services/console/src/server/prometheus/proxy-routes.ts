/** Prometheus's read-only API, passed through: only what is listed here, nothing that writes. */
import express, { type Request, Router } from 'express';
import { HttpProblem } from '../http/problem.ts';
import { call, type Upstream } from '../http/upstream.ts';

interface Endpoint {
  parameters: readonly string[];
  /** Takes its parameters as a form too, for queries too long for an address. */
  post?: boolean;
}

const ENDPOINTS: Readonly<Record<string, Endpoint>> = {
  query: { parameters: ['query', 'time', 'timeout', 'limit', 'lookback_delta', 'stats'], post: true },
  query_range: {
    parameters: ['query', 'start', 'end', 'step', 'timeout', 'limit', 'lookback_delta', 'stats'],
    post: true,
  },
  query_exemplars: { parameters: ['query', 'start', 'end'], post: true },
  series: { parameters: ['match[]', 'start', 'end', 'limit'], post: true },
  labels: { parameters: ['match[]', 'start', 'end', 'limit'], post: true },
  'label/:name/values': { parameters: ['match[]', 'start', 'end', 'limit'] },
  rules: { parameters: ['type', 'rule_name[]', 'rule_group[]', 'file[]', 'match[]', 'exclude_alerts'] },
  alerts: { parameters: [] },
  targets: { parameters: ['state', 'scrapePool'] },
  metadata: { parameters: ['metric', 'limit', 'limit_per_metric'] },
};

/** Longest value of a parameter, characters. */
const MAX_VALUE = 20_000;
const LABEL_NAME = /^[a-zA-Z_][a-zA-Z0-9_]{0,199}$/;

export function prometheusRoutes(prometheus: Upstream): Router {
  const router = Router();
  const form = express.urlencoded({ extended: false, limit: '64kb', parameterLimit: 100 });
  for (const [path, endpoint] of Object.entries(ENDPOINTS)) {
    for (const prefix of ['/api/prometheus', '/api/prometheus/api/v1']) {
      const pass = async (request: Request, given: unknown) => {
        const parameters = checked(given, endpoint);
        const search = parameters.toString();
        const target = `/api/v1/${path.replace(':name', labelName(request))}`;
        const signal = whenGone(request);
        return request.method === 'POST'
          ? call(prometheus, target, {
              method: 'POST',
              body: parameters,
              contentType: 'application/x-www-form-urlencoded',
              signal,
            })
          : call(prometheus, search === '' ? target : `${target}?${search}`, { signal });
      };
      router.get(`${prefix}/${path}`, async (request, response) => {
        const { status, text } = await pass(request, request.query);
        response.status(status).type('application/json').set('Cache-Control', 'no-store').send(text);
      });
      if (!endpoint.post) continue;
      router.post(`${prefix}/${path}`, form, async (request, response) => {
        if (!request.is('application/x-www-form-urlencoded')) {
          throw new HttpProblem(415, 'expected content-type application/x-www-form-urlencoded');
        }
        const { status, text } = await pass(request, request.body);
        response.status(status).type('application/json').set('Cache-Control', 'no-store').send(text);
      });
    }
  }
  router.use('/api/prometheus', (request) => {
    throw new HttpProblem(
      404,
      `${request.method} ${request.path.slice(0, 100)} is not passed on; expected one of ${Object.keys(ENDPOINTS).join(', ')}`,
    );
  });
  return router;
}

function checked(given: unknown, { parameters }: Endpoint): URLSearchParams {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(given ?? {})) {
    if (!parameters.includes(name))
      throw new HttpProblem(400, `there is no parameter ${JSON.stringify(name.slice(0, 80))} here`, {
        parameter: name.slice(0, 80),
      });
    for (const entry of Array.isArray(value) ? value : [value]) {
      if (typeof entry !== 'string' || entry.length > MAX_VALUE) {
        throw new HttpProblem(400, `${name}: expected a text of at most ${MAX_VALUE} characters`, {
          parameter: name,
        });
      }
      search.append(name, entry);
    }
  }
  return search;
}

function labelName(request: Request): string {
  const { name } = request.params;
  if (name === undefined) return '';
  if (typeof name === 'string' && LABEL_NAME.test(name)) return name;
  throw new HttpProblem(400, 'name: expected the name of a label', { parameter: 'name' });
}

/** A query nobody waits for any more is given up. */
function whenGone(request: Request): AbortSignal {
  const controller = new AbortController();
  request.res?.once('close', () => controller.abort());
  return controller.signal;
}
