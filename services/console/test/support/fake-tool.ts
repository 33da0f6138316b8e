/** Prometheus and Alertmanager as far as the console asks them, with answers that were recorded from the real ones (2.42, 0.25). */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';

export interface FakeTool extends AsyncDisposable {
  url: string;
  /** Every request as `METHOD /path?query`, with its body behind a blank where it has one. */
  requests: string[];
  /** Answers instead of the recorded ones, by path; consulted first. */
  answers: Map<string, (request: IncomingMessage, response: ServerResponse) => void>;
}

export function recorded(name: string): string {
  return readFileSync(join(import.meta.dirname, '..', 'server', 'fixtures', `${name}.json`), 'utf8');
}

const RECORDED: Readonly<Record<string, string>> = {
  '/api/v1/alerts': 'prometheus-alerts',
  '/api/v1/rules': 'prometheus-rules',
  '/api/v1/targets': 'prometheus-targets',
  '/api/v2/alerts': 'alertmanager-alerts',
  '/api/v2/status': 'alertmanager-status',
  '/api/v2/silences': 'alertmanager-silences',
};

export async function startFakeTool(): Promise<FakeTool> {
  const requests: string[] = [];
  const answers: FakeTool['answers'] = new Map();
  const server = createServer(async (request, response) => {
    const path = (request.url ?? '').split('?')[0] ?? '';
    const body = Buffer.concat(await request.toArray()).toString();
    requests.push(`${request.method} ${request.url}${body === '' ? '' : ` ${body}`}`);
    const own = answers.get(path);
    if (own) {
      own(request, response);
      return;
    }
    const name = RECORDED[path];
    response.setHeader('content-type', 'application/json');
    if (path === '/-/healthy') response.end('OK');
    else if (name !== undefined && request.method === 'GET') response.end(recorded(name));
    else if (path === '/api/v1/query') response.end(vector([]));
    else if (path === '/api/v1/query_range') response.end(NO_SERIES);
    else response.writeHead(404).end('"no such thing"');
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    answers,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** A range query's answer where there is nothing. */
export const NO_SERIES = '{"status":"success","data":{"resultType":"matrix","result":[]}}';

/** An instant query's answer. */
export function vector(samples: { labels?: Record<string, string>; value: string }[]): string {
  const result = samples.map(({ labels = {}, value }) => ({
    metric: labels,
    value: [1_795_000_000.123, value],
  }));
  return JSON.stringify({ status: 'success', data: { resultType: 'vector', result } });
}
