import { once } from 'node:events';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMigratedDatabase } from './support/migrated-database.ts';
import { type RunningApi, runApi } from './support/running-api.ts';

let database: Awaited<ReturnType<typeof createMigratedDatabase>>;
let running: RunningApi;
let me: Awaited<ReturnType<RunningApi['somebody']>>;

beforeAll(async () => {
  database = await createMigratedDatabase();
  running = await runApi({ databaseUrl: database.appUrl });
  me = await running.somebody();
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test.each(['{', '{"title":', 'null', '"text"', '7', '{"title":"x"} trailing', '\u0000'])(
  'the body %j is a 400 problem',
  async (body) => {
    const answer = await me.problem('POST', '/tasks', { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'malformed_body' } });
  },
);

test('no body at all is a 400 that says so', async () => {
  const answer = await me.problem('POST', '/tasks', { headers: { 'content-type': 'application/json' } });
  expect(answer).toMatchObject({ status: 400, body: { code: 'validation' } });
});

test('a body of 100,000 bytes is read, one of 100,001 is a 413', async () => {
  const body = (bytes: number) => `{"title":"x","description":"${'x'.repeat(bytes - 30)}"}`;
  expect(Buffer.byteLength(body(100_000))).toBe(100_000);
  expect((await me.problem('POST', '/tasks', { body: body(100_000) })).body.code).toBe('validation');
  const tooLarge = await me.problem('POST', '/tasks', { body: body(100_001) });
  expect(tooLarge).toMatchObject({ status: 413, body: { code: 'payload_too_large' } });
});

test.each([
  ['a form', { 'content-type': 'application/x-www-form-urlencoded' }],
  ['text', { 'content-type': 'text/plain' }],
  ['JSON in another charset', { 'content-type': 'application/json; charset=latin1' }],
])('%s is a 415', async (_, headers) => {
  const answer = await me.problem('POST', '/tasks', { body: '{"title":"x"}', headers });
  expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
});

test('a compressed body is a 415: what it would grow to is not known', async () => {
  const response = await fetch(`${running.origin}/api/v1/tasks`, {
    method: 'POST',
    body: gzipSync(JSON.stringify({ title: 'x' })),
    headers: {
      'content-type': 'application/json',
      'content-encoding': 'gzip',
      'x-requested-with': 'taskmanager',
      cookie: me.cookie ?? '',
    },
  });
  expect(response.status).toBe(415);
});

test.each(['/', '/api', '/api/v1', '/api/v1/nothing', '/api/v2/tasks', '/metrics', '/%E0%A4%A', '//'])(
  'the path %s is a 404 problem with the request id',
  async (path) => {
    const response = await fetch(running.origin + path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    const { requestId } = (await response.json()) as { requestId: string };
    expect(requestId).toBe(response.headers.get('x-request-id'));
  },
);

test('an id that cannot be decoded is a 404 problem', async () => {
  const answer = await me.problem('GET', '/tasks/%zz');
  expect(answer).toMatchObject({ status: 404, body: { code: 'not_found' } });
});

test.each([
  ['PUT', '/tasks', 'GET, HEAD, POST'],
  ['DELETE', '/tasks', 'GET, HEAD, POST'],
  ['POST', '/users/me', 'GET, HEAD'],
  ['GET', '/users/login', 'POST'],
  ['PUT', '/tasks/5', 'DELETE, GET, HEAD, PATCH'],
  ['OPTIONS', '/tasks', 'GET, HEAD, POST'],
])('%s %s is a 405 that says what is allowed', async (method, path, allow) => {
  const answer = await me.problem(method, path);
  expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  expect(answer.headers.get('allow')).toBe(allow);
});

test('HEAD answers like GET, without the body', async () => {
  const task = await me.createTask();
  const answer = await me.request('HEAD', `/tasks/${task.id}`);
  expect(answer).toMatchObject({ status: 200, body: undefined });
  expect(answer.headers.get('etag')).toBe('"1"');
});

test('answers carry the security headers and say nothing about what made them', async () => {
  for (const path of ['/users/me', '/nothing']) {
    const { headers } = await me.request('GET', path);
    expect(headers.get('content-security-policy')).toBe("default-src 'none';frame-ancestors 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('SAMEORIGIN');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.has('x-powered-by')).toBe(false);
    expect(headers.has('access-control-allow-origin')).toBe(false);
    expect(headers.get('cache-control')).toMatch(/private, no-cache|no-store/);
  }
});

test('what is no HTTP closes the connection and nothing else', async () => {
  const socket = connect(Number(new URL(running.origin).port), '127.0.0.1');
  socket.write('\u0016\u0003\u0001 not HTTP\r\n\r\n');
  socket.resume();
  await once(socket, 'close');
  expect((await me.request('GET', '/users/me')).status).toBe(200);
});
