/** A third way to run needs nothing but a driver: ten members and the adapters of its stores. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { readManifest } from '@lab/manifest';
import { temporaryFolder } from '@lab/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { undoAll } from '../../src/chaos/guardian/heal.ts';
import { findLosses } from '../../src/chaos/world/losses.ts';
import { AcknowledgedWrites } from '../../src/load/acknowledged-writes.ts';
import type { Load } from '../../src/load/start-load.ts';
import { readBack } from '../../src/readiness/read-back.ts';
import type { Mode } from '../../src/settings/mode.ts';
import { labPaths } from '../../src/settings/paths.ts';
import { settingsFrom } from '../../src/settings/settings.ts';
import { SECRET_NAMES } from '../../src/settings/variables.ts';
import { entrances } from '../../src/stack/addresses.ts';
import { isUp, type PartReport, type Stack } from '../../src/stack/stack.ts';

const { signal } = new AbortController();
const settings = settingsFrom({
  ...Object.fromEntries(SECRET_NAMES.map((name) => [name, `${name}-0123456789abcdef`])),
  // Nothing listens there: jobs cannot be asked for.
  POSTGRES_PORT: '1',
});

/** Web, Prometheus and Alertmanager in one: each path is asked by its own client. */
const PAGES: Readonly<Record<string, unknown>> = {
  '/api/v1/users/login': {},
  '/api/v1/tasks': { items: [] },
  '/api/v1/query': { data: { result: [{ metric: {}, value: [0, `${Date.now()}`] }] } },
  '/api/v1/targets': { data: { activeTargets: [{ labels: {}, health: 'up', lastError: '' }] } },
  '/api/v1/rules': { data: { groups: [{ name: 'one', rules: [{ name: 'Up', health: 'ok' }] }] } },
  '/api/v1/alertmanagers': { data: { activeAlertmanagers: [{ url: 'http://alertmanager' }] } },
  '/-/ready': {},
};
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url ?? '', 'http://lab');
  response.statusCode = pathname in PAGES ? 200 : 404;
  response.end(JSON.stringify(PAGES[pathname] ?? {}));
});
let url = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  url = `http://127.0.0.1:${(server.address() as { port: number }).port}`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const services = ['taskmanager-web', 'taskmanager-api'];
const did: string[] = [];
/** Looks at the state until the part goes down, as one whose stop began before it was told to start. */
let looksUntilDown = Number.POSITIVE_INFINITY;
beforeEach(() => {
  did.length = 0;
  looksUntilDown = Number.POSITIVE_INFINITY;
});

/** Pods of a cluster, say: neither files nor processes are within reach. */
function driver(): Stack {
  const report = (name: string, state: PartReport['state']): PartReport => ({
    name,
    state,
    since: undefined,
    restarts: 0,
    memoryBytes: undefined,
    url: undefined,
    detail: undefined,
  });
  return {
    traits: {
      mode: 'cluster' as Mode,
      viewers: { dashboards: 'grafana', logs: 'grafana', traces: 'grafana', alerts: 'alertmanager' },
      lateStopMs: 2_000,
      logFolder: undefined,
      prometheusFolder: undefined,
      k6: undefined,
    },
    parts: ['web', 'console', 'api'],
    addresses: { web: url, console: url, api: url, prometheus: url, alertmanager: url, otlp: url },
    signals: {
      logs: {
        title: 'a store of its own',
        ofRequest: async () => services.map((service) => ({ service, message: '', fields: {} })),
        account: async () => ({ written: 9, gaps: 0, notStored: 2, storedTwice: 1, behindMs: 30_000 }),
        link: (requestId) => `${url}/logs/${requestId}`,
      },
      traces: {
        title: 'another store',
        ofRequest: async () => [{ traceId: 't1', spans: 2, services }],
        link: (traceId) => `${url}/traces/${traceId}`,
      },
    },
    start: async () => ({ changed: true }),
    stop: async () => undefined,
    async status() {
      looksUntilDown -= 1;
      return [report('web', 'ready'), report('api', looksUntilDown <= 0 ? 'stopped' : 'ready')];
    },
    async act(part, action) {
      did.push(`${action} ${part}`);
    },
    async loadConfiguration() {
      did.push('load configuration');
    },
    async management(part, path, init) {
      did.push(`${init?.method} ${part}${path}`);
      return { status: 204, body: '' };
    },
  };
}

test('ten members are all there is', () => {
  expect(Object.keys(driver())).toHaveLength(10);
});

test('it is ready once its own stores hold the request', async () => {
  const said: string[] = [];
  const sessionSecret = settings.secrets.SESSION_SECRET;
  await readBack(driver(), { sessionSecret, progress: (line) => said.push(line), signal, deadlineMs: 3_000 });
  expect(said.map((line) => line.split(':')[0]).sort()).toEqual([
    'alerts',
    'log line',
    'metric',
    'rules',
    'targets',
    'trace',
  ]);
});

test('what was lost is told in the words of its store', async () => {
  const load = { writes: new AcknowledgedWrites() } as Load;
  const { logs, checked } = await findLosses(0, 1, { stack: driver(), settings, load, signal });
  expect(checked.logs).toBe(9);
  expect(logs).toEqual([
    '2 lines were numbered and are not in a store of its own',
    '1 lines are in a store of its own twice',
    'lines written 30 s ago are not in a store of its own',
  ]);
});

test('it is healed by its members alone, behind a stop that came late too', async () => {
  await using folder = await temporaryFolder();
  const paths = labPaths({ LAB_STATE_DIR: folder.path });
  const stack = driver();
  // The first look finds it up, the third one down.
  looksUntilDown = 3;
  const said: string[] = [];
  await undoAll(
    {
      id: 'a-run',
      kind: 'chaos',
      owner: { pid: 4_000_000, startedAt: 'never' },
      deadline: new Date().toISOString(),
      speed: 10,
      experiments: [
        {
          name: 'mixed',
          startedAt: new Date().toISOString(),
          rollbacks: [
            { undo: 'clear-faults', service: 'api' },
            { undo: 'clear-network' },
            { undo: 'start', part: 'api' },
          ],
        },
      ],
    },
    stack,
    { paths, settings, say: (line) => said.push(line) },
  );
  expect(did).toEqual([
    'DELETE api/faults',
    'DELETE toxiproxy/proxies/postgres/toxics/lab-chaos',
    'start api',
    'load configuration',
    'start api',
  ]);
  expect(said).toContain('api went down late: started again');
});

test('it is up while a part of it is, and its table names what the manifest gives an entrance', async () => {
  const stack = driver();
  expect(await isUp(stack)).toBe(true);
  expect(await isUp({ status: async () => [] })).toBe(false);
  expect(entrances(stack, readManifest())).toEqual([
    { name: 'task manager', url, login: 'register an account' },
    { name: 'API', url: `${url}/api/v1/openapi.json`, login: 'as the task manager' },
    { name: 'console', url, login: 'none' },
  ]);
});
