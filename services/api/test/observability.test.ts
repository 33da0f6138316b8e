/** The API with the telemetry it runs with: labels, log lines, sessions, faults. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, temporaryFolder } from '@lab/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type ApiTelemetry, createApiTelemetry } from '../src/telemetry.ts';
import { createMigratedDatabase } from './support/migrated-database.ts';
import { PASSWORD, type RunningApi, runApi } from './support/running-api.ts';

let database: Awaited<ReturnType<typeof createMigratedDatabase>>;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let telemetry: ApiTelemetry;
let running: RunningApi;
let logFile: string;

beforeAll(async () => {
  database = await createMigratedDatabase();
  folder = await temporaryFolder();
  logFile = join(folder.path, 'api.log');
  telemetry = createApiTelemetry({
    service: { name: 'taskmanager-api', version: '1', instanceId: 'test', environment: 'test' },
    log: { stdout: false, file: logFile, level: 'debug' },
    faults: { enabled: true, token: 'a token for the test' },
  });
  running = await runApi({ databaseUrl: database.appUrl, observability: telemetry.observability });
  telemetry.declare(running.api.routes);
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await telemetry.telemetry.shutdown();
  await folder[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

describe('http_requests_total', () => {
  test('starts at 0 for every route of the description', async () => {
    for (const [path, methods] of Object.entries(running.document.paths)) {
      for (const method of Object.keys(methods)) {
        const route = path.replace('{id}', ':id');
        expect(await series({ method: method.toUpperCase(), route }), `${method} ${route}`).not.toEqual([]);
      }
    }
  });

  test('has the mounted template whatever becomes of the request', async () => {
    const me = await running.somebody();
    const task = await me.createTask();
    const id = '00000000-0000-4000-8000-000000000000';
    const counts = async () => ({
      success: await count('GET', '/api/v1/tasks/:id', 200),
      missing: await count('GET', '/api/v1/tasks/:id', 404),
      badJson: await count('PATCH', '/api/v1/tasks/:id', 400),
      tooLarge: await count('POST', '/api/v1/tasks', 413),
      nobody: await count('POST', '/api/v1/tasks/:id/complete', 401),
      forged: await count('POST', '/api/v1/tasks/:id/complete', 403),
      wrongMethod: await count('PUT', '/api/v1/tasks/:id', 405),
      thrown: await count('GET', '/api/v1/notifications', 500),
      unknown: await count('GET', 'unmatched', 404),
    });
    const before = await counts();
    await me.request('GET', `/tasks/${task.id}`);
    await me.request('GET', `/tasks/${id}`);
    await me.request('PATCH', `/tasks/${task.id}`, { body: '{', headers: { 'if-match': '"1"' } });
    await me.request('POST', '/tasks', { body: 'x'.repeat(200_000) });
    await running.client().request('POST', `/tasks/${task.id}/complete`);
    await me.request('POST', `/tasks/${task.id}/complete`, { headers: { 'x-requested-with': undefined } });
    await me.request('PUT', `/tasks/${task.id}`);
    await execute('ALTER TABLE notifications RENAME TO elsewhere');
    await me.request('GET', '/notifications');
    await execute('ALTER TABLE elsewhere RENAME TO notifications');
    for (let i = 0; i < 20; i += 1) await me.request('GET', `/wp-admin/${i}.php`);

    const expected = Object.fromEntries(
      Object.entries(before).map(([name, value]) => [name, value + (name === 'unknown' ? 20 : 1)]),
    );
    await eventually('the last request is counted', async () => {
      expect(await counts()).toEqual(expected);
      return true;
    });
  });

  test('counts a client that goes away as 499 of the route it asked', async () => {
    const me = await running.somebody();
    telemetry.faults.set({
      fault: 'latency',
      milliseconds: 60_000,
      route: '/api/v1/users/me',
      ttlSeconds: 60,
    });
    try {
      const abort = new AbortController();
      const asked = fetch(`${running.origin}/api/v1/users/me`, {
        headers: { cookie: me.cookie ?? '' },
        signal: abort.signal,
      });
      await eventually('the request is in flight', async () =>
        /^http_requests_in_flight 1$/m.test(await telemetry.telemetry.registry.metrics()),
      );
      abort.abort();
      await expect(asked).rejects.toThrow();
      await eventually('it is counted', async () => (await count('GET', '/api/v1/users/me', 499)) === 1);
    } finally {
      telemetry.faults.clear();
    }
  });
});

test('an id that the caller chose is in the answer, the problem and the log', async () => {
  const me = await running.somebody();
  const id = 'chosen-by-the-caller.1';
  const answer = await me.problem('GET', '/tasks/unknown', { headers: { 'x-request-id': id } });
  expect(answer.headers.get('x-request-id')).toBe(id);
  expect(answer.body.requestId).toBe(id);
  const insane = await me.problem('GET', '/tasks/unknown', { headers: { 'x-request-id': 'a b' } });
  expect(insane.body.requestId).toMatch(/^[0-9a-f-]{36}$/);
  await eventually('its log line', async () =>
    (await logLines()).some(
      (line) => line['http.request.id'] === id && line['http.response.status_code'] === 404,
    ),
  );
});

test('what went wrong inside is in the log with the request id, and not in the answer', async () => {
  const me = await running.somebody();
  await execute('ALTER TABLE notifications RENAME TO elsewhere');
  const answer = await me.problem('GET', '/notifications');
  await execute('ALTER TABLE elsewhere RENAME TO notifications');
  expect(answer).toMatchObject({
    status: 500,
    body: { code: 'internal', title: 'Something went wrong here' },
  });
  expect(JSON.stringify(answer.body)).not.toContain('relation');
  await eventually('the error is logged', async () =>
    (await logLines()).some(
      (line) =>
        line['http.request.id'] === answer.body.requestId &&
        line['log.level'] === 'error' &&
        String(line['error.message']).includes('relation "notifications" does not exist'),
    ),
  );
});

test('no e-mail, password or cookie is written to the log, however a login ends', async () => {
  const me = await running.somebody('private.person@example.org');
  await me.logIn('private.person@example.org', 'wrong-password-of-mine');
  await me.problem('POST', '/users', {
    body: { email: 'private.person@example.org', displayName: 'x', password: PASSWORD },
  });
  await me.problem('POST', '/users', { body: '{"email":"private.person@example.org' });
  await me.createTask({ assigneeEmail: 'private.person@example.org' });
  const last = await me.request('GET', '/users/me');
  const lastId = last.headers.get('x-request-id');
  await eventually('the last line', async () =>
    (await logLines()).some((line) => line['http.request.id'] === lastId),
  );
  const text = await readFile(logFile, 'utf8');
  expect(text).not.toContain('private.person');
  expect(text).not.toContain('wrong-password-of-mine');
  expect(text).not.toContain(PASSWORD);
  expect(text).not.toContain(me.cookie?.split('=')[1]);
});

test('statements, transactions and failures are measured by operation', async () => {
  const me = await running.somebody();
  const measured = async (operation: string, success = 'true') =>
    metric(`database_operation_duration_seconds_count{operation="${operation}",success="${success}"}`);
  const before = {
    update: await measured('update'),
    begin: await measured('begin'),
    commit: await measured('commit'),
  };
  const task = await me.createTask();
  await me.request('POST', `/tasks/${task.id}/complete`);
  expect(await measured('update')).toBe(before.update + 1);
  expect(await measured('begin')).toBe(before.begin + 1);
  expect(await measured('commit')).toBe(before.commit + 1);
});

test('reading a task costs two statements, the session and the task, and no connection is waited for', async () => {
  const me = await running.somebody();
  const task = await me.createTask();
  await me.request('GET', `/tasks/${task.id}`);
  const total = async () => {
    const lines = (await telemetry.telemetry.registry.metrics()).split('\n');
    const counts = lines.filter((line) => line.startsWith('database_operation_duration_seconds_count'));
    return counts.reduce((sum, line) => sum + Number(line.split(' ')[1]), 0);
  };
  const before = await total();
  for (let i = 0; i < 10; i += 1) await me.request('GET', `/tasks/${task.id}`);
  // One more where sessions were being counted at that moment.
  expect([20, 21]).toContain((await total()) - before);
});

test('active_sessions is the number of unexpired sessions in the database, and absent while it cannot be known', async () => {
  await using own = await createMigratedDatabase();
  const seen: (number | undefined)[] = [];
  await using api = await runApi({
    databaseUrl: own.appUrl,
    observability: { ...telemetry.observability, activeSessions: (count) => seen.push(count) },
  });
  await eventually('the first count', () => seen.at(-1) === 0);
  await api.somebody();
  await api.somebody();
  const gone = await api.somebody();
  await gone.request('POST', '/users/logout');
  await eventually('two are counted', () => seen.at(-1) === 2, { deadlineMs: 20_000 });
  telemetry.observability.activeSessions(2);
  expect(await metric('active_sessions')).toBe(2);
  telemetry.observability.activeSessions(undefined);
  expect(await telemetry.telemetry.registry.metrics()).not.toMatch(/^active_sessions /m);
  telemetry.observability.activeSessions(3);
  expect(await metric('active_sessions')).toBe(3);
});

test('a fault on one route answers with errors there and nowhere else', async () => {
  const me = await running.somebody();
  telemetry.faults.set({ fault: 'error', ratio: 1, route: '/api/v1/tasks', ttlSeconds: 60 });
  try {
    const failing = await fetch(`${running.origin}/api/v1/tasks`, { headers: { cookie: me.cookie ?? '' } });
    expect(failing.status).toBe(500);
    expect((await me.request('GET', '/users/me')).status).toBe(200);
  } finally {
    telemetry.faults.clear();
  }
  expect((await me.request('GET', '/tasks')).status).toBe(200);
});

async function series(labels: Record<string, string>): Promise<string[]> {
  const lines = (await telemetry.telemetry.registry.metrics()).split('\n');
  const wanted = Object.entries(labels).map(([name, value]) => `${name}="${value}"`);
  return lines.filter(
    (line) => line.startsWith('http_requests_total{') && wanted.every((label) => line.includes(label)),
  );
}

async function count(method: string, route: string, status: number): Promise<number> {
  const [line] = await series({ method, route, status_code: String(status) });
  return Number(line?.split(' ')[1] ?? 0);
}

async function metric(name: string): Promise<number> {
  const lines = (await telemetry.telemetry.registry.metrics()).split('\n');
  return Number(lines.find((line) => line.startsWith(`${name} `))?.split(' ')[1] ?? Number.NaN);
}

async function logLines(): Promise<Record<string, unknown>[]> {
  const text = await readFile(logFile, 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

async function execute(text: string): Promise<void> {
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    await client.query(text);
  } finally {
    await client.end();
  }
}
