/** The database goes away in every way it can, under load, and comes back. Each test has a server of its own. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { applyRoles, connectionUrl, startPostgres } from '@lab/postgres';
import { eventually, freePort, startTcpProxy, temporaryFolder } from '@lab/testing';
import pg from 'pg';
import { expect, test } from 'vitest';
import type { Problem } from '../src/contract/problem.ts';
import { type RunningApi, runApi } from './support/running-api.ts';

const REQUESTS = [
  ['POST', '/users', { email: 'new@example.org', displayName: 'New', password: 'long enough for it' }],
  ['POST', '/users/login', { email: 'me@example.org', password: 'long enough for it' }],
  ['POST', '/users/logout', undefined],
  ['GET', '/users/me', undefined],
  ['GET', '/tasks', undefined],
  ['POST', '/tasks', { title: 'x', dueAt: '2030-01-01T00:00:00Z' }],
  ['GET', `/tasks/${randomUUID()}`, undefined],
  ['PATCH', `/tasks/${randomUUID()}`, { title: 'x' }],
  ['DELETE', `/tasks/${randomUUID()}`, undefined],
  ['POST', `/tasks/${randomUUID()}/complete`, undefined],
  ['GET', '/notifications', undefined],
] as const;

test('a database that stops under load: 503 on every route, and service again when it is back', async () => {
  await using folder = await temporaryFolder();
  await using database = await startDatabase(folder.path);
  await using running = await runApi(database);
  const me = await running.somebody('me@example.org');
  const task = await me.createTask();
  await using load = startLoad(running, me.cookie ?? '', `/tasks/${task.id}`);
  await eventually('load is served', () => load.statuses.length > 50);

  await database.stop();
  await expectUnavailable(running, me);
  await expect(running.api.ready()).rejects.toThrow();

  await database.start();
  await eventually('it is ready again', () => running.api.ready().then(() => true), { deadlineMs: 5_000 });
  load.statuses.length = 0;
  await eventually('load is served again', () => load.statuses.length > 100);
  // Not one connection of before is handed out.
  expect(new Set(load.statuses)).toEqual(new Set([200]));
  expect((await me.request('POST', `/tasks/${task.id}/complete`)).status).toBe(200);
  expect(load.failures).toEqual([]);
});

test('a database that hangs without closing its connections: 503 all the same, and service when it goes on', async () => {
  await using folder = await temporaryFolder();
  await using database = await startDatabase(folder.path, { freezable: true });
  await using running = await runApi(database);
  const me = await running.somebody('me@example.org');
  const task = await me.createTask();
  await using load = startLoad(running, me.cookie ?? '', `/tasks/${task.id}`);
  await eventually('load is served', () => load.statuses.length > 50);

  const served = load.statuses.length;
  database.freeze();
  try {
    await expectUnavailable(running, me);
    await eventually('those under way are answered too', () => load.statuses.length > served + CALLERS);
  } finally {
    database.thaw();
  }
  // 2 s are promised; the timeout of the statement, the next to end the wait, would take 5.5 s.
  expect(load.slowestMs()).toBeLessThan(4_500);
  await eventually('it is ready again', () => running.api.ready().then(() => true), { deadlineMs: 5_000 });
  expect((await me.request('GET', `/tasks/${task.id}`)).status).toBe(200);
  expect(new Set(load.statuses)).toEqual(new Set([200, 503]));
  expect(load.failures).toEqual([]);
});

test('a start before the database: 503 until it is there, then service without a restart', async () => {
  await using folder = await temporaryFolder();
  await using database = await startDatabase(folder.path);
  await database.stop();
  await using running = await runApi(database, { waitUntilReady: false });
  await expectUnavailable(running, running.client());
  await database.start();
  await eventually('it is ready', () => running.api.ready().then(() => true), { deadlineMs: 5_000 });
  const me = await running.somebody();
  await me.createTask({ dueAt: '2030-01-01T00:00:00Z' });
});

test('connections that an operator ends are replaced without the process noticing more than a 503', async () => {
  await using folder = await temporaryFolder();
  await using database = await startDatabase(folder.path);
  await using running = await runApi(database);
  const me = await running.somebody();
  for (let i = 0; i < 5; i += 1) {
    await database.execute(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'taskmanager_app'`,
    );
    await eventually('service', async () => (await me.request('GET', '/tasks')).status === 200);
  }
});

test.each([
  ['an operator ends', (database: OwnDatabase) => database.execute(END_BLOCKED)],
  ['hangs', (database: OwnDatabase) => database.freeze()],
])('a connection that %s in a transaction is a 503, and the process lives on', async (_, lose) => {
  await using folder = await temporaryFolder();
  await using database = await startDatabase(folder.path, { freezable: true });
  await using running = await runApi(database);
  const me = await running.somebody();
  const task = await me.createTask();
  {
    await using _lock = await database.lock(`SELECT FROM tasks WHERE id = '${task.id}' FOR UPDATE`);
    const waiting = me.problem('POST', `/tasks/${task.id}/complete`);
    await eventually('the change waits for the lock', async () => (await database.execute(BLOCKED)) === 1);
    await lose(database);
    expect(await waiting).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    database.thaw();
  }
  await eventually('service', async () => (await me.request('GET', '/tasks')).status === 200);
  expect(await me.request('GET', `/tasks/${task.id}`)).toMatchObject({ status: 200, body: task });
});

test('a lock held longer than the statement timeout is a 503, and other requests are served', async () => {
  await using folder = await temporaryFolder();
  await using database = await startDatabase(folder.path);
  await using running = await runApi({ ...database, statementTimeoutMs: 300 });
  const me = await running.somebody();
  const [task, other] = [await me.createTask(), await me.createTask()];
  await using _lock = await database.lock(`SELECT FROM tasks WHERE id = '${task.id}' FOR UPDATE`);
  const blocked = await me.problem('POST', `/tasks/${task.id}/complete`);
  expect(blocked).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  expect(blocked.headers.get('retry-after')).toBe('2');
  expect((await me.request('POST', `/tasks/${other.id}/complete`)).status).toBe(200);
  await running.api.ready();
});

test('more requests than connections wait their turn', async () => {
  await using folder = await temporaryFolder();
  await using database = await startDatabase(folder.path);
  await using running = await runApi({ ...database, poolSize: 2 });
  const me = await running.somebody();
  const answers = await Promise.all(Array.from({ length: 60 }, () => me.request('GET', '/tasks')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
});

/** Every route, at once; an answer within 2 s is promised, twice that is waited for on a busy machine. */
async function expectUnavailable(running: RunningApi, client: { cookie: string | undefined }): Promise<void> {
  const answers = await Promise.all(
    REQUESTS.map(async ([method, path, body]) => {
      const response = await fetch(`${running.origin}/api/v1${path}`, {
        method,
        signal: AbortSignal.timeout(4_000),
        headers: {
          'x-requested-with': 'taskmanager',
          'content-type': 'application/json',
          'if-match': '"1"',
          cookie: client.cookie ?? '',
        },
        ...(body ? { body: JSON.stringify(body) } : {}),
      });
      const { code } = (await response.json().catch(() => ({ code: 'none' }))) as Problem;
      return {
        route: `${method} ${path}`,
        status: response.status,
        code,
        retry: response.headers.get('retry-after'),
      };
    }),
  );
  const expected = { status: 503, code: 'unavailable', retry: '2' };
  const nobody = client.cookie === undefined;
  for (const { route, ...answer } of answers) {
    // Who has no session is refused before the database matters; logging out of nothing needs none.
    if (nobody && !/users( |$)|login|logout/.test(route))
      expect([route, answer.status]).toEqual([route, 401]);
    else expect([route, answer]).toEqual([route, expected]);
  }
}

const CALLERS = 8;

/** So many callers, one request after the other, until disposed. */
function startLoad(running: RunningApi, cookie: string, path: string) {
  const statuses: number[] = [];
  const failures: unknown[] = [];
  let on = true;
  let slowestMs = 0;
  const caller = async () => {
    while (on) {
      const sent = performance.now();
      try {
        const response = await fetch(`${running.origin}/api/v1${path}`, { headers: { cookie } });
        await response.arrayBuffer();
        statuses.push(response.status);
        slowestMs = Math.max(slowestMs, performance.now() - sent);
        if (response.status !== 200) await pause(5);
      } catch (error) {
        failures.push(error);
        await pause(5);
      }
    }
  };
  const callers = Array.from({ length: CALLERS }, caller);
  return {
    statuses,
    failures,
    slowestMs: () => slowestMs,
    [Symbol.asyncDispose]: async () => {
      on = false;
      await Promise.all(callers);
    },
  };
}

const BLOCKED = `SELECT pid FROM pg_stat_activity WHERE usename = 'taskmanager_app' AND wait_event_type = 'Lock'`;
const END_BLOCKED = BLOCKED.replace('pid', 'pg_terminate_backend(pid)');

type OwnDatabase = Awaited<ReturnType<typeof startDatabase>>;

/** A server of the test's own, which it may stop, freeze and start again. */
async function startDatabase(folder: string, { freezable = false } = {}) {
  const port = await freePort();
  const options = {
    dataDir: join(folder, 'data'),
    port,
    superuserPassword: 'superuser',
    settings: { fsync: 'off' },
  };
  let server = await startPostgres(options);
  await applyRoles(server.url(), { owner: 'owner', app: 'app', exporter: 'exporter' });
  const proxy = await startTcpProxy(port);
  const url = (user: string, password: string) =>
    connectionUrl({ user, password, port: freezable ? proxy.port : port, database: 'taskmanager' });
  const connect = async () => {
    const client = new pg.Client({ connectionString: server.url('taskmanager') });
    await client.connect();
    return client;
  };
  return {
    databaseUrl: url('taskmanager_app', 'app'),
    migrationDatabaseUrl: url('taskmanager', 'owner'),
    stop: () => server.stop(),
    start: async () => {
      server = await startPostgres(options);
    },
    freeze: () => proxy.stall(),
    thaw: () => proxy.resume(),
    execute: async (text: string) => {
      const client = await connect();
      try {
        return (await client.query(text)).rowCount;
      } finally {
        await client.end();
      }
    },
    lock: async (text: string) => {
      const client = await connect();
      await client.query('BEGIN');
      await client.query(text);
      return { [Symbol.asyncDispose]: () => client.end() };
    },
    [Symbol.asyncDispose]: async () => {
      await proxy[Symbol.asyncDispose]();
      await server.stop({ remove: true });
    },
  };
}
