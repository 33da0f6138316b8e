import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { REQUEST_ID_PATTERN } from 'taskmanager-api/contract';
import { afterEach, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { type ApiClientOptions, createApiClient } from '../../src/app/http/api-client.ts';
import { ApiError } from '../../src/app/http/api-error.ts';
import { describeError } from '../../src/app/http/error-text.ts';
import type { BrowserSpan } from '../../src/app/telemetry/otlp-json.ts';
import { createTracer } from '../../src/app/telemetry/tracer.ts';

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** A client of a real server that answers as told. */
async function clientOf(listener: RequestListener, options: Partial<ApiClientOptions> = {}) {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  stops.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  const spans: BrowserSpan[] = [];
  const client = createApiClient({
    tracer: createTracer({ sampleRatio: 1, record: (span) => spans.push(span) }),
    fetch: (input, init) => fetch(`http://127.0.0.1:${address.port}${input}`, init),
    ...options,
  });
  return { client, spans, server };
}

const answer = (status: number, body: unknown, headers: Record<string, string> = {}): RequestListener => {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
  };
};
const failure = async (attempt: Promise<unknown>) => {
  const error = await attempt.then(
    () => undefined,
    (cause: unknown) => cause,
  );
  if (!(error instanceof ApiError)) throw new Error('expected an ApiError', { cause: error });
  return error;
};
const task = { method: 'PATCH', path: '/tasks/7', template: '/tasks/:id', body: { title: 'x' } } as const;

test('a change carries trace, request id, entity tag and the header against forgery; its span names the template', async () => {
  let seen: IncomingMessage | undefined;
  const { client, spans } = await clientOf((request, response) => {
    seen = request;
    answer(200, { ok: true })(request, response);
  });
  await client.fetch({ ...task, ifMatch: '"3"' }, z.object({ ok: z.boolean() }));
  expect(seen?.url).toBe('/api/v1/tasks/7');
  expect(seen?.headers).toMatchObject({
    'x-requested-with': 'taskmanager',
    'if-match': '"3"',
    'content-type': 'application/json',
  });
  expect(seen?.headers['x-request-id']).toMatch(REQUEST_ID_PATTERN);
  const [span] = spans;
  expect(seen?.headers['traceparent']).toBe(`00-${span?.traceId}-${span?.spanId}-01`);
  expect(span).toMatchObject({
    name: 'PATCH /api/v1/tasks/:id',
    attributes: { 'http.response.status_code': 200, 'http.request.id': seen?.headers['x-request-id'] },
  });
});

test("a problem keeps the id that the answer names, and the API's words", async () => {
  const problem = { type: 'about:blank', title: 'Not found', status: 404, code: 'not_found', requestId: 'x' };
  const { client, spans } = await clientOf(answer(404, problem, { 'x-request-id': 'from-the-api-1' }));
  const error = await failure(client.send(task));
  expect(error).toMatchObject({ kind: 'answer', status: 404, requestId: 'from-the-api-1' });
  expect(describeError(error)).toMatchObject({ title: 'Not found', requestId: 'from-the-api-1' });
  expect(spans).toMatchObject([{ error: '404' }]);
});

test("an error page that is no JSON is an error with the request's own id", async () => {
  const { client } = await clientOf((_request, response) =>
    response.writeHead(502).end('<h1>Bad gateway</h1>'),
  );
  const error = await failure(client.send(task));
  expect(error).toMatchObject({ kind: 'answer', status: 502, problem: undefined });
  expect(error.requestId).toMatch(REQUEST_ID_PATTERN);
  expect(describeError(error).title).toBe('The service is not available right now');
});

test('an answer that is not what the contract says is an error, not a crash further on', async () => {
  const { client } = await clientOf(answer(200, { items: 'many' }));
  const error = await failure(client.fetch(task, z.object({ items: z.array(z.string()) })));
  expect(error.kind).toBe('unexpected');
});

test('a server that is gone is a network error with an id', async () => {
  const { client, server } = await clientOf(answer(200, {}));
  server.close();
  await once(server, 'close');
  const error = await failure(client.send(task));
  expect(error.kind).toBe('network');
  expect(error.requestId).toMatch(REQUEST_ID_PATTERN);
});

test('a server that says nothing is given up', async () => {
  const { client } = await clientOf(() => {}, { timeout: 50 });
  expect((await failure(client.send(task))).kind).toBe('timeout');
});

test("a caller's own abort comes back as such, and is no failure of the API", async () => {
  const { client } = await clientOf(() => {});
  const controller = new AbortController();
  const attempt = client.send({ ...task, signal: controller.signal });
  controller.abort(new Error('no longer wanted'));
  await expect(attempt).rejects.toThrow('no longer wanted');
});

test('a session that ended is told at once, a wrong password is not one', async () => {
  const onUnauthenticated = vi.fn();
  let code = 'invalid_credentials';
  const { client } = await clientOf((request, response) => answer(401, { code })(request, response), {
    onUnauthenticated,
  });
  await failure(client.send(task));
  expect(onUnauthenticated).not.toHaveBeenCalled();
  code = 'unauthenticated';
  await failure(client.send(task));
  expect(onUnauthenticated).toHaveBeenCalledOnce();
});

test.each([
  ['1', 'Try again in 1 second.'],
  ['30', 'Try again in 30 seconds.'],
  ['600', 'Try again in 10 minutes.'],
  ['Wed, 21 Oct 2026 07:28:00 GMT', 'Try again in a moment.'],
])('Retry-After: %s becomes %o', async (value, advice) => {
  const { client } = await clientOf(answer(429, {}, { 'retry-after': value }));
  expect(describeError(await failure(client.send(task))).advice).toBe(advice);
});
