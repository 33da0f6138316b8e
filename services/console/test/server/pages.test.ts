import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startConsole, temporaryFolder } from '@lab/testing';
import { expect, test } from 'vitest';
import { dashboardListSchema } from '../../src/contract/dashboards.ts';
import { labSchema } from '../../src/contract/lab.ts';
import { runbookListSchema, runbookSchema } from '../../src/contract/runbooks.ts';

/** Folders with a dashboard and a runbook, sound ones and others. */
async function folders() {
  const folder = await temporaryFolder();
  const dashboards = join(folder.path, 'dashboards');
  const runbooks = join(folder.path, 'runbooks');
  for (const path of [dashboards, runbooks]) mkdirSync(path);
  const dashboard = (uid: string, title: string) =>
    JSON.stringify({
      uid,
      title,
      tags: ['lab'],
      panels: [{ type: 'row', panels: [{ type: 'stat' }] }, { type: 'timeseries' }],
      schemaVersion: 41,
    });
  writeFileSync(join(dashboards, 'application.json'), dashboard('application', 'Application'));
  writeFileSync(join(dashboards, 'twin.json'), dashboard('application', 'Twin'));
  writeFileSync(join(dashboards, 'broken.json'), '{"uid":');
  writeFileSync(join(dashboards, 'nameless.json'), '{"uid":"x"}');
  writeFileSync(join(runbooks, 'ApiDown.md'), '# The API is down\n\n<script>alert(1)</script>');
  writeFileSync(join(folder.path, 'secret.md'), 'secret');
  return { ...folder, env: { DASHBOARDS_DIR: dashboards, RUNBOOKS_DIR: runbooks }, dashboards, dashboard };
}

test('dashboards and runbooks are served from their folders, edits included, and nothing beside them', async () => {
  await using files = await folders();
  await using lab = await startConsole(files.env);
  const list = dashboardListSchema.parse((await lab.get('/api/dashboards')).body);
  expect(list.items).toEqual([
    { uid: 'application', title: 'Application', description: null, tags: ['lab'], panels: 2 },
  ]);
  expect(list.broken.map(({ file }) => file)).toEqual(['broken.json', 'nameless.json', 'twin.json']);
  expect((await lab.get('/api/dashboards/application')).body).toMatchObject({
    uid: 'application',
    schemaVersion: 41,
  });
  writeFileSync(join(files.dashboards, 'new.json'), files.dashboard('new', 'A new one'));
  expect((await lab.get('/api/dashboards/new')).status).toBe(200);

  expect(runbookListSchema.parse((await lab.get('/api/runbooks')).body).items).toEqual([
    { alert: 'ApiDown', title: 'The API is down' },
  ]);
  expect(runbookSchema.parse((await lab.get('/api/runbooks/ApiDown')).body).markdown).toContain('<script>');
  const text = await lab.get('/api/runbooks/ApiDown', { accept: 'text/markdown' });
  expect(text.headers.get('content-type')).toContain('text/markdown');
  for (const path of [
    '/api/runbooks/Nothing',
    '/api/runbooks/..%2Fsecret',
    '/api/runbooks/ApiDown.md',
    '/api/dashboards/none',
    '/api/dashboards/..%2Ftwin',
  ]) {
    expect(await lab.get(path), path).toMatchObject({ status: 404, body: { status: 404 } });
  }
});

test('a dashboard without a uid gets one that stays', async () => {
  await using files = await folders();
  await using lab = await startConsole(files.env);
  for (const [name, uid] of Object.entries({ 'absent.json': undefined, 'empty.json': '', 'null.json': null }))
    writeFileSync(join(files.dashboards, name), JSON.stringify({ uid, title: name, panels: [] }));
  const uids = async () => {
    const { items } = dashboardListSchema.parse((await lab.get('/api/dashboards')).body);
    return items.filter(({ title }) => title.endsWith('.json')).map(({ uid }) => uid);
  };
  const first = await uids();
  expect(new Set(first).size).toBe(3);
  for (const uid of first) {
    expect(uid).toMatch(/^[\w-]{14}$/);
    expect((await lab.get(`/api/dashboards/${uid}`)).body).toMatchObject({ uid });
  }
  writeFileSync(
    join(files.dashboards, 'absent.json'),
    JSON.stringify({ title: 'absent.json', panels: [{}] }),
  );
  expect(await uids()).toEqual(first);
});

test('folders that are not there are empty, not errors', async () => {
  await using lab = await startConsole({
    DASHBOARDS_DIR: '/nowhere/at/all',
    RUNBOOKS_DIR: '/nowhere/at/all',
  });
  expect((await lab.get('/api/runbooks')).body).toEqual({ items: [] });
  expect((await lab.get('/api/dashboards')).body).toMatchObject({
    items: [],
    broken: [{ error: expect.stringContaining('ENOENT') }],
  });
});

test('every answer carries headers under which nothing foreign runs; unknown addresses of the API are problems', async () => {
  await using lab = await startConsole();
  for (const path of ['/api/lab', '/', '/alerts', '/api/nothing', '/hooks/nothing', '/assets/nothing.js']) {
    const { headers } = await lab.get(path, { accept: 'text/html' });
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy, path).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  }
  for (const path of [
    '/api/nothing',
    '/hooks/nothing',
    '/assets/nothing.js',
    '/assets/..%2f..%2fpackage.json',
  ]) {
    const answer = await lab.get(path);
    expect(answer.status, path).toBe(404);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
    expect(answer.body).toMatchObject({ requestId: answer.headers.get('x-request-id') });
  }
  for (const path of [
    '/assets/../../src/main.ts',
    '/assets/%2e%2e/%2e%2e/src/main.ts',
    '/assets/..%5c..%5cpackage.json',
  ]) {
    expect(await lab.raw(path), path).toBe(404);
  }
  expect((await lab.send('POST', '/alerts', {})).status).toBe(404);
});

test('in full mode logs and traces are elsewhere, and the links and old addresses lead there', async () => {
  await using lab = await startConsole({
    LAB_MODE: 'full',
    KEEP_SIGNALS: 'false',
    VIEWERS: JSON.stringify([
      {
        name: 'grafana',
        title: 'Grafana',
        url: 'http://127.0.0.1:3000',
        dashboard: '/d/{uid}',
        logs: '/explore',
      },
      { name: 'kibana', title: 'Kibana', url: 'http://127.0.0.1:5601/', logs: '/discover?q={query}' },
      { name: 'jaeger', title: 'Jaeger', url: 'http://127.0.0.1:16686', trace: '/trace/{traceId}' },
    ]),
    PROMETHEUS_PUBLIC_URL: 'http://127.0.0.1:9090',
  });
  const state = labSchema.parse((await lab.get('/api/lab')).body);
  expect(state).toMatchObject({ mode: 'full', features: { logs: false, traces: false, dashboards: false } });
  expect(state.tools.map(({ name }) => name)).toEqual([
    'prometheus',
    'alertmanager',
    'grafana',
    'kibana',
    'jaeger',
  ]);
  expect(state.linkTemplates).toMatchObject({
    trace: 'http://127.0.0.1:16686/trace/{traceId}',
    dashboard: 'http://127.0.0.1:3000/d/{uid}',
    logs: 'http://127.0.0.1:5601/discover?q={query}',
    traceLogs: 'http://127.0.0.1:5601/discover?q=trace.id:"{traceId}"',
  });
  for (const path of [
    '/api/logs',
    '/api/logs/histogram',
    '/api/logs/tail',
    '/api/traces',
    `/api/traces/${'a'.repeat(32)}`,
    '/api/services',
    '/api/service-graph',
  ]) {
    expect(await lab.get(path), path).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('full mode') },
    });
  }
  await expect(fetch(`${lab.otlpUrl}/v1/traces`, { method: 'POST' })).rejects.toThrow();
  const dashboard = await lab.get('/dashboards/application?from=now-1h');
  expect([dashboard.status, dashboard.headers.get('location')]).toEqual([
    302,
    'http://127.0.0.1:3000/d/application?from=now-1h',
  ]);
  expect((await lab.get(`/traces/${'a'.repeat(32)}`)).headers.get('location')).toBe(
    `http://127.0.0.1:16686/trace/${'a'.repeat(32)}`,
  );
  expect((await lab.get('//evil.example/dashboards/x')).status).not.toBe(302);
  // What is the console's own in both modes.
  expect((await lab.send('POST', '/hooks/slack/alerts', { text: 'x' })).status).toBe(200);
});
