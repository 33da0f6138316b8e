import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ConsoleProgram,
  eventually,
  freePort,
  OWN_PAGES,
  startConsole,
  temporaryFolder,
} from '@lab/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { alertmanagerConfigSchema, alertsSchema, rulesSchema } from '../../src/contract/alerts.ts';
import { overviewSchema } from '../../src/contract/overview.ts';
import { silencesSchema } from '../../src/contract/silences.ts';
import { readAlertmanagerConfig } from '../../src/server/alertmanager/routing-tree.ts';
import { type FakeTool, NO_SERIES, recorded, startFakeTool, vector } from '../support/fake-tool.ts';

let lab: ConsoleProgram;
let prometheus: FakeTool;
let alertmanager: FakeTool;

beforeAll(async () => {
  [prometheus, alertmanager] = [await startFakeTool(), await startFakeTool()];
  lab = await startConsole({ PROMETHEUS_URL: prometheus.url, ALERTMANAGER_URL: alertmanager.url });
});
afterAll(async () => {
  await lab[Symbol.asyncDispose]();
  await prometheus[Symbol.asyncDispose]();
  await alertmanager[Symbol.asyncDispose]();
});
beforeEach(() => {
  for (const tool of [prometheus, alertmanager]) {
    tool.answers.clear();
    tool.requests.length = 0;
  }
});

test('queries are passed on with their parameters, answers and errors come back as they are', async () => {
  prometheus.answers.set('/api/v1/query', (_, response) =>
    response
      .writeHead(422)
      .end('{"status":"error","errorType":"execution","error":"found duplicate series"}'),
  );
  expect(await lab.get('/api/prometheus/query?query=a%20%2B%20on()%20b&time=12.5')).toMatchObject({
    status: 422,
    body: { error: 'found duplicate series' },
  });
  expect(prometheus.requests).toEqual(['GET /api/v1/query?query=a+%2B+on%28%29+b&time=12.5']);
  prometheus.answers.set('/api/v1/query_range', (_, response) => response.end('{"status":"success"}'));
  const form = await lab.send('POST', '/api/prometheus/api/v1/query_range', 'query=up&start=1&end=2&step=1', {
    'content-type': 'application/x-www-form-urlencoded',
  });
  expect(form).toMatchObject({ status: 200, body: { status: 'success' } });
  prometheus.answers.set('/api/v1/label/job/values', (_, response) =>
    response.end('{"status":"success","data":["a"]}'),
  );
  prometheus.answers.set('/api/v1/series', (_, response) => response.end('{"status":"success","data":[]}'));
  expect((await lab.get('/api/prometheus/label/job/values?match[]=up&match[]=down')).status).toBe(200);
  expect((await lab.get('/api/prometheus/series?match%5B%5D=up')).status).toBe(200);
  expect(prometheus.requests.slice(1)).toEqual([
    'POST /api/v1/query_range query=up&start=1&end=2&step=1',
    'GET /api/v1/label/job/values?match%5B%5D=up&match%5B%5D=down',
    'GET /api/v1/series?match%5B%5D=up',
  ]);
});

test.each<[string, string, number]>([
  ['GET', '/api/prometheus/admin/tsdb/snapshot', 404],
  ['POST', '/api/prometheus/admin/tsdb/delete_series?match[]=up', 404],
  ['GET', '/api/prometheus/status/config', 404],
  ['PUT', '/api/prometheus/query', 404],
  ['POST', '/api/prometheus/targets', 404],
  ['GET', '/api/prometheus/query?query=up&surprise=1', 400],
  ['GET', `/api/prometheus/query?query=${'x'.repeat(14_000)}`, 200],
  ['GET', '/api/prometheus/label/a%2Fb/values', 400],
  ['GET', '/api/prometheus/label/..%2F..%2Fadmin/values', 400],
  ['GET', '/api/prometheus/query?query[a]=x', 400],
])('%s %s answers %i', async (method, path, status) => {
  const answer = await lab
    .send(method, path, method === 'GET' ? '' : 'x=1', {
      'content-type': 'application/x-www-form-urlencoded',
    })
    .catch(() => lab.get(path));
  expect(answer.status).toBe(status);
  if (status !== 200) expect(prometheus.requests).toEqual([]);
});

test.each([
  '/api/prometheus/../../-/reload',
  '/api/prometheus/%2e%2e/%2e%2e/-/quit',
  '/api/prometheus//query/../../-/quit',
])('%s, sent as it is, leads nowhere', async (path) => {
  expect(await lab.raw(path)).toBe(404);
  expect(prometheus.requests).toEqual([]);
});

test('an answer too large ends in a clear error', async () => {
  prometheus.answers.set('/api/v1/query', (_, response) => {
    const more = () => {
      while (!response.destroyed && response.write(Buffer.alloc(1 << 20, 'x'))) {
        // Until the buffer is full.
      }
      response.once('drain', more);
    };
    more();
  });
  expect(await lab.get('/api/prometheus/query?query=up')).toMatchObject({
    status: 502,
    body: { detail: expect.stringContaining('32 MiB') },
  });
});

test('a query that nobody waits for any more is given up', async () => {
  let closed = false;
  prometheus.answers.set('/api/v1/query', (_, response) => {
    response.once('close', () => {
      closed = true;
    });
  });
  const abort = new AbortController();
  const asked = fetch(`${lab.url}/api/prometheus/query?query=up`, { signal: abort.signal }).catch(
    () => undefined,
  );
  await eventually('Prometheus is asked', () => prometheus.requests.length > 0);
  abort.abort();
  await asked;
  await eventually('Prometheus is let go', () => closed);
});

test('alerts say what they mean, where their runbook is, and what Alertmanager does with them', async () => {
  const { alerts } = alertsSchema.parse((await lab.get('/api/alerts')).body);
  if (alerts.status !== 'known') throw new Error(alerts.reason);
  const api = alerts.value.find(({ name }) => name === 'ApiDown');
  expect(api).toMatchObject({
    state: 'firing',
    severity: 'critical',
    summary: 'The API is down',
    value: '0e+00',
    runbook: '/runbooks/ApiDown',
  });
  expect(api?.delivery).toMatchObject({ status: 'known', value: { receivers: ['slack-critical'] } });
  const states = alerts.value.map(({ state }) => state);
  expect(states).toEqual(states.toSorted());
});

test('annotations are data: a link that could run in the page is not one', async () => {
  const bad = JSON.parse(recorded('prometheus-alerts'));
  bad.data.alerts[0].annotations.dashboard_url = 'javascript:alert(1)';
  bad.data.alerts[0].annotations.runbook_url = 'http://x/runbooks/../../etc/passwd';
  bad.data.alerts[0].labels.alertname = 'NoSuchRunbook';
  prometheus.answers.set('/api/v1/alerts', (_, response) => response.end(JSON.stringify(bad)));
  const { alerts } = alertsSchema.parse((await lab.get('/api/alerts')).body);
  if (alerts.status !== 'known') throw new Error(alerts.reason);
  expect(alerts.value.find(({ name }) => name === 'NoSuchRunbook')).toMatchObject({
    dashboardUrl: null,
    runbook: null,
  });
});

test('rules come with their state and health', async () => {
  const { groups } = rulesSchema.parse((await lab.get('/api/rules')).body);
  if (groups.status !== 'known') throw new Error(groups.reason);
  const rules = groups.value.flatMap((group) => group.rules);
  expect(rules.find(({ name }) => name === 'Watchdog')).toMatchObject({
    type: 'alerting',
    state: 'firing',
    firing: 1,
    health: 'ok',
    runbook: '/runbooks/Watchdog',
  });
  expect(rules.find(({ type }) => type === 'recording')).toMatchObject({ state: null, forSeconds: null });
});

test("Alertmanager's configuration is shown with its routing tree, inheritance filled in", async () => {
  const config = alertmanagerConfigSchema.parse((await lab.get('/api/alertmanager/config')).body);
  expect(config.version).toBe('0.25.0');
  if (config.routing.status !== 'known') throw new Error(config.routing.reason);
  const { routes, ...root } = config.routing.value;
  expect(root).toMatchObject({
    receiver: 'slack-alerts',
    groupBy: ['alertname', 'job'],
    repeatInterval: '4h',
  });
  expect(routes[0]).toMatchObject({
    receiver: 'dead-mans-switch',
    matchers: ['alertname="Watchdog"'],
    groupBy: ['alertname', 'job'],
    groupWait: '0s',
  });
  expect(routes.at(-1)).toMatchObject({ receiver: 'slack-critical', groupWait: '1s', repeatInterval: '4h' });
  expect(config.receivers).toContainEqual({ name: 'dead-mans-switch', integrations: ['webhook'] });
  expect(config.inhibitRules[0]?.source).toEqual(['alertname="DatabaseDown"']);
  expect((await lab.get('/api/alertmanager/alerts')).body).toEqual(
    JSON.parse(recorded('alertmanager-alerts')),
  );
});

test.each([
  '',
  'x: [',
  'route: 5',
  'route: {receiver: [1]}',
  '&a [*a, *a]',
  'route: &r {receiver: x, routes: [*r]}',
  '!!js/function "x"',
])('a configuration that cannot be understood (%j) is said to be so', (yaml) => {
  expect(readAlertmanagerConfig(yaml).routing).toMatchObject({
    status: 'unknown',
    reason: expect.stringContaining('cannot be read'),
  });
});

test('the old way to write matchers is understood too', () => {
  const yaml =
    'route: {receiver: a, routes: [{match: {severity: critical}, match_re: {service: "a|b"}, continue: true}]}\nreceivers: [{name: a}]';
  expect(readAlertmanagerConfig(yaml).routing).toMatchObject({
    value: {
      routes: [{ receiver: 'a', matchers: ['severity="critical"', 'service=~"a|b"'], continue: true }],
    },
  });
});

const silence = (over = {}) => ({
  matchers: [{ name: 'alertname', value: 'ApiDown' }],
  endsAt: new Date(Date.now() + 3_600_000).toISOString(),
  createdBy: 'me',
  comment: 'planned',
  ...over,
});

test('a silence is set and expired from our own pages', async () => {
  alertmanager.answers.set('/api/v2/silences', (_, response) =>
    response.end('{"silenceID":"4f5c7c5e-0000-4000-8000-000000000001"}'),
  );
  const sent = await lab.send('POST', '/api/silences', silence(), {
    ...OWN_PAGES,
    origin: lab.url,
    'sec-fetch-site': 'same-origin',
  });
  expect(sent).toMatchObject({ status: 201, body: { id: '4f5c7c5e-0000-4000-8000-000000000001' } });
  const posted = JSON.parse(alertmanager.requests[0]?.replace('POST /api/v2/silences ', '') ?? '');
  expect(posted).toMatchObject({
    matchers: [{ name: 'alertname', value: 'ApiDown', isRegex: false, isEqual: true }],
    createdBy: 'me',
  });
  expect(Date.parse(posted.startsAt)).toBeLessThanOrEqual(Date.now());
  alertmanager.answers.set('/api/v2/silence/4f5c7c5e-0000-4000-8000-000000000001', (_, response) =>
    response.end(),
  );
  expect(
    (await lab.send('DELETE', '/api/silences/4f5c7c5e-0000-4000-8000-000000000001', '', OWN_PAGES)).status,
  ).toBe(204);
  alertmanager.answers.clear();
  expect(silencesSchema.parse((await lab.get('/api/silences')).body).items).toMatchObject([
    { state: 'expired', comment: 'test' },
  ]);
  expect(
    (await lab.send('DELETE', '/api/silences/4f5c7c5e-0000-4000-8000-000000000002', '', OWN_PAGES)).status,
  ).toBe(404);
});

test.each<[string, unknown, Record<string, string>, number]>([
  ['without the header', silence(), {}, 403],
  ['from another site', silence(), { ...OWN_PAGES, 'sec-fetch-site': 'cross-site' }, 403],
  ['from another origin', silence(), { ...OWN_PAGES, origin: 'http://evil.example' }, 403],
  ['from a sandboxed page', silence(), { ...OWN_PAGES, origin: 'null' }, 403],
  [
    'that matches everything',
    silence({ matchers: [{ name: 'a', value: '.*', isRegex: true }] }),
    OWN_PAGES,
    400,
  ],
  ['that matches nothing', silence({ matchers: [] }), OWN_PAGES, 400],
  ['that is over already', silence({ endsAt: '2020-01-01T00:00:00Z' }), OWN_PAGES, 400],
  ['that ends before it starts', silence({ startsAt: '2099-01-01T00:00:00Z' }), OWN_PAGES, 400],
  ['without a name', silence({ createdBy: ' ' }), OWN_PAGES, 400],
  ['with more than is known', silence({ id: 'x' }), OWN_PAGES, 400],
  ['that is none', [], OWN_PAGES, 400],
])('a silence %s is refused, and Alertmanager does not hear of it', async (_, body, headers, status) => {
  expect((await lab.send('POST', '/api/silences', body, headers)).status).toBe(status);
  expect(alertmanager.requests).toEqual([]);
});

test.each([
  ['expired', 204],
  ['active', 502],
])('Alertmanager refuses to expire a silence that is %s: answered with %i', async (state, status) => {
  const id = '4f5c7c5e-0000-4000-8000-000000000003';
  alertmanager.answers.set(`/api/v2/silence/${id}`, (_, response) =>
    response.writeHead(500).end('"the cluster is not settled"'),
  );
  const [one] = JSON.parse(recorded('alertmanager-silences')) as object[];
  alertmanager.answers.set('/api/v2/silences', (_, response) =>
    response.end(JSON.stringify([{ ...one, id, status: { state } }])),
  );
  const answer = await lab.send('DELETE', `/api/silences/${id}`, '', OWN_PAGES);
  expect(answer.status).toBe(status);
  if (status === 502) expect(answer.body).toMatchObject({ detail: expect.stringContaining('not settled') });
});

test('what Alertmanager has against a silence is passed on', async () => {
  alertmanager.answers.set('/api/v2/silences', (_, response) =>
    response.writeHead(400).end('"bad matcher format"'),
  );
  expect(await lab.send('POST', '/api/silences', silence(), OWN_PAGES)).toMatchObject({
    status: 400,
    body: { detail: expect.stringContaining('bad matcher format') },
  });
});

/** The overview is kept for a moment: asked until it tells of now. */
const overviewWhere = (
  what: string,
  holds: (overview: ReturnType<typeof overviewSchema.parse>) => boolean,
  from = lab,
) =>
  eventually(what, async () => {
    const overview = overviewSchema.parse((await from.get('/api/overview')).body);
    return holds(overview) ? overview : undefined;
  });

test('the overview knows parts, alerts, objectives and traffic', async () => {
  prometheus.answers.set('/api/v1/query', (request, response) => {
    const query = new URL(request.url ?? '', 'http://x').searchParams.get('query') ?? '';
    const labels = { slo: 'api-availability', service: 'taskmanager-api' };
    if (query === 'slo:objective:ratio')
      response.end(
        vector([
          { labels, value: '0.999' },
          { labels: { slo: 'api-latency' }, value: '0.95' },
        ]),
      );
    else if (query === 'slo:error_budget_remaining:ratio')
      response.end(
        vector([
          { labels, value: '0.25' },
          { labels: { slo: 'api-latency' }, value: 'NaN' },
        ]),
      );
    else if (query.startsWith('slo:burn_rate')) response.end(vector([{ labels, value: '+Inf' }]));
    else if (query.startsWith('histogram_quantile')) response.end(vector([{ value: '0.2' }]));
    else if (query.startsWith('sum(rate(http_requests_total')) response.end(vector([{ value: '12.5' }]));
    else if (query === 'process_resident_memory_bytes')
      response.end(vector([{ labels: { job: 'lab-console', instance: 'console:18432' }, value: '1e8' }]));
    else response.end(vector([]));
  });
  prometheus.answers.set('/api/v1/query_range', (_, response) => response.end(NO_SERIES));
  const overview = await overviewWhere('traffic is known', ({ traffic }) => traffic.status === 'known');
  expect(overview.traffic).toMatchObject({
    value: { requestsPerSecond: 12.5, errorRatio: null, p95Seconds: 0.2 },
  });
  if (overview.objectives.status !== 'known') throw new Error(overview.objectives.reason);
  expect(overview.objectives.value).toEqual([
    {
      slo: 'api-availability',
      service: 'taskmanager-api',
      objective: 0.999,
      attained: expect.closeTo(0.99925, 8),
      budgetRemaining: 0.25,
      burnRate: null,
    },
    {
      slo: 'api-latency',
      service: null,
      objective: 0.95,
      attained: null,
      budgetRemaining: null,
      burnRate: null,
    },
  ]);
  const states = Object.fromEntries(overview.parts.map(({ name, state }) => [name, state]));
  expect(states).toMatchObject({
    prometheus: 'up',
    alertmanager: 'up',
    'lab-console': 'up',
    'taskmanager-api': 'down',
    'taskmanager-web': 'unknown',
    postgres: 'unknown',
  });
  expect(overview.parts.find(({ name }) => name === 'lab-console')).toMatchObject({
    memoryBytes: 1e8,
    instance: 'console:18432',
  });
  expect(overview.parts.find(({ name }) => name === 'taskmanager-api')?.detail).toContain(
    'connection refused',
  );
});

test('the overview lists the parts of this lab by its file: a service of somebody’s own too, with its title', async () => {
  await using folder = await temporaryFolder();
  const file = join(folder.path, 'parts.json');
  await writeFile(file, JSON.stringify([{ name: 'shop', title: 'Shop', service: 'my-shop', job: 'shop' }]));
  await using other = await startConsole({ PARTS_FILE: file });
  const { parts } = await overviewWhere('it is answered', () => true, other);
  expect(parts).toEqual([expect.objectContaining({ name: 'my-shop', title: 'Shop', state: 'unknown' })]);
  await writeFile(file, 'not JSON');
  const broken = await overviewWhere('it is read again', ({ parts: now }) => now.length === 0, other);
  expect(broken.partsSource).toMatchObject({ reason: expect.stringContaining(file) });
});

test('without series the overview says what is missing, and without Prometheus what it cannot know: never zero, never nothing', async () => {
  const empty = await overviewWhere('nothing is known', ({ traffic }) => traffic.status === 'unknown');
  expect(empty.objectives).toMatchObject({
    status: 'unknown',
    reason: expect.stringContaining('slo:objective:ratio'),
  });
  expect(empty.traffic).toMatchObject({ reason: expect.stringContaining('http_requests_total') });

  const nobody = `http://127.0.0.1:${await freePort()}`;
  await using alone = await startConsole({ PROMETHEUS_URL: nobody, ALERTMANAGER_URL: nobody });
  const overview = await overviewWhere('it is answered', () => true, alone);
  for (const key of ['partsSource', 'alerts', 'objectives', 'traffic'] as const) {
    expect(overview[key]).toMatchObject({
      status: 'unknown',
      reason: expect.stringContaining(`Prometheus at ${nobody} cannot be reached`),
    });
  }
  const states = Object.fromEntries(overview.parts.map(({ name, state }) => [name, state]));
  expect(states).toEqual({
    prometheus: 'down',
    alertmanager: 'down',
    'lab-console': 'up',
    'taskmanager-api': 'unknown',
    'taskmanager-web': 'unknown',
    'taskmanager-worker': 'unknown',
    postgres: 'unknown',
  });
  for (const path of [
    '/api/prometheus/query?query=up',
    '/api/alertmanager/status',
    '/api/alertmanager/config',
    '/api/silences',
  ]) {
    expect(await alone.get(path), path).toMatchObject({
      status: 502,
      body: { detail: expect.stringContaining('cannot be reached: connect ECONNREFUSED') },
    });
  }
  expect((await alone.get('/api/alerts')).body).toMatchObject({ alerts: { status: 'unknown' } });
  expect((await alone.get('/api/rules')).body).toMatchObject({ groups: { status: 'unknown' } });
});

test.each([
  'not json',
  '{"status":"success"}',
  '{"status":"success","data":{"alerts":[{"labels":5}]}}',
  '[]',
  '',
])('a tool that answers %j is said to answer something unexpected', async (text) => {
  prometheus.answers.set('/api/v1/alerts', (_, response) => response.end(text));
  expect((await lab.get('/api/alerts')).body).toMatchObject({
    alerts: { status: 'unknown', reason: expect.stringMatching(/Prometheus answered/) },
  });
});

test('a tool that hangs does not hang the overview', async () => {
  prometheus.answers.set('/api/v1/targets', () => {
    // Never answers.
  });
  const overview = await overviewWhere(
    'parts are unknown',
    ({ partsSource }) => partsSource.status === 'unknown',
  );
  expect(overview.partsSource).toMatchObject({
    reason: expect.stringContaining('did not answer within 4 s'),
  });
  expect(overview.alerts.status).toBe('known');
});
