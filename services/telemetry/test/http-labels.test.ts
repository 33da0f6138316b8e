import { once } from 'node:events';
import { get, request } from 'node:http';
import { connect } from 'node:net';
import { eventually, serve } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { declareRoutes, HTTP_METHODS, listRoutes } from '../src/index.ts';
import { taskApp } from './support/task-app.ts';
import { type TestTelemetry, testTelemetry } from './support/telemetry.ts';

/** Runs `act` against a fresh app and returns the labels of the requests that were counted. */
async function labelsOf(
  act: (url: string, own: TestTelemetry) => Promise<unknown>,
  expected = 1,
): Promise<string[]> {
  await using own = await testTelemetry();
  await using served = await serve(taskApp(own.telemetry));
  await act(served.url, own);
  return eventually('the requests are counted', async () => {
    const samples = await own.samples('http_requests_total{');
    const count = samples.reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
    return count >= expected ? samples.map((line) => line.slice('http_requests_total'.length)) : undefined;
  });
}

const label = (method: string, route: string, status: number, count = 1) =>
  `{method="${method}",route="${route}",status_code="${status}"} ${count}`;

describe('the labels of a request', () => {
  it.each([
    ['a root of a router, without trailing slash', '/api/v1/tasks', '/api/v1/tasks', 200],
    ['the same with trailing slash and query', '/api/v1/tasks/?q=1', '/api/v1/tasks', 200],
    ['a parameter', '/api/v1/tasks/42', '/api/v1/tasks/:id', 200],
    ['a thrown error', '/api/v1/tasks/42/throws', '/api/v1/tasks/:id/throws', 500],
    ['a rejected handler', '/api/v1/tasks/42/rejects', '/api/v1/tasks/:id/rejects', 500],
    ['next(error)', '/api/v1/tasks/42/next', '/api/v1/tasks/:id/next', 500],
    [
      'a router mounted below a parameter',
      '/api/v1/teams/9/members/7',
      '/api/v1/teams/:teamId/members/:memberId',
      200,
    ],
    ['a router mounted twice, first place', '/first/shared', '/first/shared', 204],
    ['a router mounted twice, second place', '/second/shared', '/second/shared', 204],
    ['a route with several paths, the first', '/api/v1/tasks/either/one', '/api/v1/tasks/either/one', 200],
    ['a route with several paths, another', '/api/v1/tasks/either/two', '/api/v1/tasks/either/:other', 200],
    ['a wildcard', '/files/a/b/c', '/files/*', 200],
    ['a handler that is no route but was named', '/assets/x.js', '/assets/*', 200],
    ['an unknown path', '/wp-admin.php', 'unmatched', 404],
    ['an unknown path below a known router', '/api/v1/tasks/1/2/3/4', 'unmatched', 404],
    ['percent-encoding that cannot be decoded', '/api/v1/tasks/%E0%A4%A', 'unmatched', 400],
  ])('%s', async (_case, path, route, status) => {
    expect(await labelsOf((url) => fetch(url + path))).toEqual([label('GET', route, status)]);
  });

  it('of a body that is not JSON carry the route it was sent to, although no route was reached', async () => {
    const labels = await labelsOf((url) =>
      fetch(`${url}/api/v1/tasks`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"title":',
      }),
    );
    expect(labels).toEqual([label('POST', '/api/v1/tasks', 400)]);
  });

  it('of a method that no route takes are unmatched', async () => {
    expect(await labelsOf((url) => fetch(`${url}/api/v1/tasks`, { method: 'DELETE' }))).toEqual([
      label('DELETE', 'unmatched', 404),
    ]);
  });

  it('of HEAD carry the route of GET', async () => {
    expect(await labelsOf((url) => fetch(`${url}/api/v1/tasks/1`, { method: 'HEAD' }))).toEqual([
      label('HEAD', '/api/v1/tasks/:id', 200),
    ]);
  });

  it.each([
    ['before the answer began', 'hangs'],
    ['in the middle of the answer', 'streams'],
  ])('of a client that goes away %s have status 499', async (_case, path) => {
    const labels = await labelsOf(async (url, own) => {
      const call = get(`${url}/api/v1/tasks/7/${path}`).on('error', () => undefined);
      if (path === 'streams') await once(call, 'response');
      await eventually('it has arrived', async () => (await own.samples('http_requests_in_flight 1'))[0]);
      call.destroy();
    });
    expect(labels).toContain(label('GET', `/api/v1/tasks/:id/${path}`, 499));
  });

  it('of an answer that the server itself cuts off have status 500, though 200 was promised', async () => {
    const labels = await labelsOf(async (url) => {
      const answer = await fetch(`${url}/api/v1/tasks/7/breaks`);
      await expect(answer.text()).rejects.toThrow();
    });
    expect(labels).toContain(label('GET', '/api/v1/tasks/:id/breaks', 500));
  });
});

describe('the number of series', () => {
  it('does not grow with 10,000 random URLs and methods', async () => {
    await using own = await testTelemetry({ level: 'error' });
    await using served = await serve(taskApp(own.telemetry));
    const socket = connect(served.port, '127.0.0.1');
    let answers = 0;
    let rest = '';
    socket.setEncoding('latin1').on('data', (data: string) => {
      const parts = (rest + data).split('HTTP/1.1 ');
      answers += parts.length - 1;
      rest = (parts.at(-1) ?? '').slice(-8);
    });
    const methods = [...HTTP_METHODS, 'PROPFIND', 'MKCOL', 'REPORT', 'M-SEARCH', 'UNLOCK'];
    let sent = 0;
    while (sent < 10_000) {
      let batch = '';
      for (let index = 0; index < 500; index += 1) {
        const method = methods[sent % methods.length];
        batch += `${method} /${Math.random().toString(36)}/${sent} HTTP/1.1\r\nhost: x\r\n\r\n`;
        sent += 1;
      }
      socket.write(batch);
      const goal = sent;
      await eventually(`${goal} answers`, () => answers >= goal, { everyMs: 2 });
    }
    socket.destroy();
    const samples = await own.samples('http_requests_total{');
    const labels = new Set(samples.map((line) => line.split('}')[0]));
    // Status 404 by default; OPTIONS is answered by Express as well.
    expect([...labels].every((line) => line?.includes('route="unmatched"'))).toBe(true);
    expect(labels.size).toBeLessThanOrEqual(HTTP_METHODS.length + 1);
    expect(samples.some((line) => line.includes('method="_OTHER"'))).toBe(true);
  });

  it('has the declared routes at 0, with a 5xx each', async () => {
    await using own = await testTelemetry();
    const app = taskApp(own.telemetry);
    declareRoutes(own.telemetry, listRoutes(app));
    const samples = await own.samples('http_requests_total{');
    expect(samples).toContain(`http_requests_total${label('GET', '/api/v1/tasks/:id', 500, 0)}`);
    expect(samples).toContain(`http_requests_total${label('POST', '/api/v1/tasks', 201, 0)}`);
    const buckets = await own.samples('http_request_duration_seconds_count{');
    expect(buckets).toContain(`http_request_duration_seconds_count${label('GET', '/api/v1/tasks', 200, 0)}`);
  });
});

describe('requests in flight', () => {
  it('are counted while they are handled and not after', async () => {
    await using own = await testTelemetry();
    await using served = await serve(taskApp(own.telemetry));
    const call = request(`${served.url}/api/v1/tasks/1/hangs`).on('error', () => undefined);
    call.end();
    await eventually(
      'one in flight',
      async () => (await own.samples('http_requests_in_flight 1')).length === 1,
    );
    call.destroy();
    await eventually(
      'none in flight',
      async () => (await own.samples('http_requests_in_flight 0')).length === 1,
    );
  });
});
