/** Loads on the real task manager: what they send, note, report to Prometheus and leave behind. */
import {
  createTaskClient,
  createTestDatabase,
  freePort,
  startTaskManager,
  type TaskManager,
  type TestDatabase,
  temporaryFolder,
} from '@lab/testing';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { AcknowledgedWrites, readBackWrites } from '../../src/load/acknowledged-writes.ts';
import { chooseEngine } from '../../src/load/choose-engine.ts';
import type { Engine } from '../../src/load/engine.ts';
import { findK6 } from '../../src/load/find-k6.ts';
import { openPool } from '../../src/load/people.ts';
import { removeLoadData } from '../../src/load/remove-load-data.ts';
import { runCourse } from '../../src/load/run-load.ts';
import { Sender } from '../../src/load/sender.ts';
import { startLoad } from '../../src/load/start-load.ts';
import { labPaths } from '../../src/settings/paths.ts';
import { OwnPrometheus } from '../history/own-prometheus.ts';

const { signal } = new AbortController();
const stages = [{ seconds: 5, from: 20, to: 20 }];
const ASKED = 100;
let folder: Awaited<ReturnType<typeof temporaryFolder>>;
let database: TestDatabase;
let lab: TaskManager;
let prometheus: OwnPrometheus;

beforeAll(async () => {
  folder = await temporaryFolder();
  database = await createTestDatabase();
  const { ownerUrl, appUrl } = database;
  [lab, prometheus] = await Promise.all([
    startTaskManager({ ownerUrl, appUrl, logFolder: folder.path }),
    OwnPrometheus.start(folder.path, ['--web.enable-remote-write-receiver']),
  ]);
});

afterAll(async () => {
  await prometheus?.[Symbol.asyncDispose]();
  await lab?.[Symbol.asyncDispose]();
  await database?.[Symbol.asyncDispose]();
  await folder?.[Symbol.asyncDispose]();
});

function engineOf(wish: 'k6' | 'own', prometheusUrl = prometheus.url): Promise<Engine> {
  const addresses = { web: lab.webUrl, prometheus: prometheusUrl } as Parameters<
    typeof chooseEngine
  >[0]['stack']['addresses'];
  return chooseEngine({
    wish,
    stack: { traits: { k6: undefined }, addresses },
    paths: labPaths(),
    progress: () => undefined,
  });
}

async function course(engine: Engine, testId: string) {
  const sender = new Sender({ webUrl: lab.webUrl, timeoutMs: 15_000, traceRatio: 0 });
  const accounts = await openPool(sender, 3, signal);
  await sender.close();
  const said: string[] = [];
  const result = await runCourse({
    webUrl: lab.webUrl,
    engine,
    stages,
    accounts,
    traceRatio: 0.5,
    objectives: [],
    testId,
    progress: (line) => said.push(line),
    live: () => undefined,
    signal,
  });
  return { ...result, said };
}

// k6 where it is at hand (on PATH, or built by `make tools`); the lab's own engine everywhere.
const k6 = await findK6({ toolsFolder: labPaths().tools });
const engines = Array.isArray(k6) ? (['own'] as const) : (['own', 'k6'] as const);

const ROUTES = [
  'GET /',
  'GET /api/v1/tasks',
  'POST /api/v1/tasks',
  'GET /api/v1/tasks/:id',
  'PATCH /api/v1/tasks/:id',
  'POST /api/v1/tasks/:id/complete',
  'POST /api/v1/users/login',
  'GET /api/v1/users/me',
];

describe.each(engines)('engine %s', (name) => {
  it('sends what was asked for, is answered as the journeys expect, and says so to Prometheus', async () => {
    const { counts, writes, asked, rateReached, said, turnedAway } = await course(
      await engineOf(name),
      `test-${name}`,
    );
    expect(said).toEqual([]);
    expect(asked.requests).toBe(ASKED);
    expect(turnedAway).toBe(0);
    const { sent, serverErrors, unanswered, unexpected } = counts.total;
    // A machine with other work may make the task manager give up; nothing else may come as a surprise.
    expect(unexpected).toBe(serverErrors);
    const failures = serverErrors + unanswered;
    expect(rateReached || failures > 0, `${sent} sent, ${failures} failed`).toBe(true);
    const routes = counts.routes.map(({ method, route }) => `${method} ${route}`);
    if (failures === 0) expect(routes).toEqual(ROUTES);
    else expect(ROUTES).toEqual(expect.arrayContaining(routes));
    expect(counts.slowest.length).toBeGreaterThan(0);
    expect(await readBackWrites(writes, { webUrl: lab.webUrl, signal })).toMatchObject({ lost: [] });
    expect(writes.count).toBeGreaterThan(10);

    const series = `k6_http_reqs_total{testid="test-${name}"}`;
    const [reported] = await prometheus.query(`sum(last_over_time(${series}[5m]))`);
    expect(reported?.value).toBe(sent);
    const names = await prometheus.query(`count by (name) (last_over_time(${series}[5m]))`);
    expect(names.map(({ labels }) => labels['name']).sort()).toEqual(
      [...new Set(counts.routes.map(({ route }) => route))].sort(),
    );
    // The run's last words end its series.
    expect(await prometheus.query(`k6_vus{testid="test-${name}"}`)).toEqual([]);
  });
});

it('insisting on k6 where there is none says how to get it', async () => {
  const nowhere = { root: folder.path, tools: folder.path, environmentFile: '' };
  const addresses = { web: lab.webUrl, prometheus: prometheus.url };
  const before = process.env['PATH'];
  process.env['PATH'] = folder.path;
  try {
    const stack = { traits: { k6: undefined }, addresses } as Parameters<typeof chooseEngine>[0]['stack'];
    const said: string[] = [];
    const progress = (line: string) => said.push(line);
    await expect(chooseEngine({ wish: 'k6', stack, paths: nowhere, progress })).rejects.toThrow(
      '`make tools` builds it',
    );
    const { name } = await chooseEngine({ wish: undefined, stack, paths: nowhere, progress });
    expect(name).toBe('own');
    expect(said).toEqual([expect.stringContaining('`make tools` builds it')]);
  } finally {
    process.env['PATH'] = before;
  }
});

it('a Prometheus that is away is said once, and ends no load', async () => {
  const { counts, said } = await course(
    await engineOf('own', `http://127.0.0.1:${await freePort()}`),
    'test-away',
  );
  expect(said).toEqual([expect.stringContaining('do not reach Prometheus')]);
  expect(counts.total.sent).toBeGreaterThan(ASKED / 2);
});

it('reading back finds a task that is gone, and one that went back', async () => {
  const load = await startLoad({ webUrl: lab.webUrl, rate: 30, signal, accounts: 1 });
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    await expect.poll(() => load.writes.tasks.length, { timeout: 20_000 }).toBeGreaterThanOrEqual(3);
    const { writes } = await load.stop();
    const options = { webUrl: lab.webUrl, signal };
    expect(await readBackWrites(writes, options)).toEqual({ tasks: writes.tasks.length, lost: [] });
    const [gone, older, later] = writes.tasks;
    await client.query('DELETE FROM tasks WHERE id = $1', [gone?.id]);
    await client.query('UPDATE tasks SET version = version - 1 WHERE id = $1', [older?.id]);
    await client.query("UPDATE tasks SET version = version + 1, title = 'later' WHERE id = $1", [later?.id]);
    const { lost } = await readBackWrites(writes, options);
    expect(lost.map(({ id, found }) => [id, found?.version])).toEqual([
      [gone?.id, undefined],
      [older?.id, (older?.version ?? 0) - 1],
    ]);
  } finally {
    await client.end();
  }
});

it('what cannot be read back is an error, not a loss', async () => {
  const writes = new AcknowledgedWrites();
  const account = { email: '', password: '', cookie: 'taskmanager.sid=none' };
  writes.note(account, { id: 'x', version: 1, status: 'open', title: 'x' });
  await expect(readBackWrites(writes, { webUrl: lab.webUrl, signal })).rejects.toThrow('got 401');
});

it('what loads have made can be removed, and nothing else is', async () => {
  using person = createTaskClient(lab.webUrl);
  const account = { email: 'ada@example.org', password: 'correct horse battery' };
  await person.call('POST', '/users', { json: { ...account, displayName: 'Ada' } });
  await person.call('POST', '/users/login', { json: account });
  await person.call('POST', '/tasks', { json: { title: 'keep me' } });
  const { accounts, tasks } = await removeLoadData(database.ownerUrl);
  expect(accounts).toBeGreaterThanOrEqual(1);
  expect(tasks).toBeGreaterThanOrEqual(3);
  expect(await removeLoadData(database.ownerUrl)).toEqual({ accounts: 0, tasks: 0 });
  const { body } = await person.call('GET', '/tasks');
  expect(body).toMatchObject({ items: [{ title: 'keep me' }] });
  const client = new pg.Client({ connectionString: database.ownerUrl });
  await client.connect();
  try {
    for (const table of ['session', 'notifications'])
      expect((await client.query(`SELECT count(*)::int AS left FROM ${table}`)).rows).toEqual([
        { left: table === 'session' ? 1 : 0 },
      ]);
  } finally {
    await client.end();
  }
});
