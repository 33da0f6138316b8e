import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type ConsoleProgram, LAB_TOKEN, startConsole } from '@lab/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  experimentPageSchema,
  experimentSchema,
  type JudgedAlert,
  judgedAlertSchema,
} from '../../src/contract/experiments.ts';
import { labSchema } from '../../src/contract/lab.ts';

let lab: ConsoleProgram;
beforeAll(async () => {
  lab = await startConsole();
});
afterAll(() => lab[Symbol.asyncDispose]());

const asLab = { authorization: `Bearer ${LAB_TOKEN}` };
const start = (id: string, over = {}) => ({
  id,
  name: 'database-down',
  title: 'The database is stopped',
  startedAt: new Date().toISOString(),
  mode: 'lite',
  speed: 10,
  ...over,
});
const result = {
  hypothesis: 'requests succeed',
  alerts: [
    {
      name: 'DatabaseDown',
      expected: 'fire',
      firedAfterSeconds: 6.5,
      limitSeconds: 20,
      kept: true,
      extra: { kept: 'as well' },
    },
    { name: 'HighErrorRate', expected: 'silent', firedAfterSeconds: 3, kept: false },
  ],
  promises: [{ text: 'no acknowledged write is lost', kept: true }],
  timeline: [{ at: new Date().toISOString(), kind: 'method', text: 'stop postgres' }],
  reportPath: 'reports/chaos/1',
};
const end = (over = {}) => ({ endedAt: new Date().toISOString(), verdict: 'broken', result, ...over });
const active = async () =>
  (await lab.program.metrics()).split('\n').filter((line) => line.startsWith('lab_experiment_active{'));

test('an experiment is shown and measured while it runs, over a kill of the console, and with its result when it ended', async () => {
  const began = start('run-1');
  expect((await lab.send('POST', '/api/experiments', began, asLab)).status).toBe(201);
  // `lab` repeats itself when an answer got lost.
  expect((await lab.send('POST', '/api/experiments', began, asLab)).status).toBe(200);
  expect((await lab.send('POST', '/api/experiments', { ...began, title: 'Another' }, asLab)).status).toBe(
    409,
  );
  expect(await active()).toEqual(['lab_experiment_active{experiment="database-down"} 1']);
  await lab.restart('SIGKILL');
  expect(await active()).toEqual(['lab_experiment_active{experiment="database-down"} 1']);
  const { runningExperiments } = labSchema.parse((await lab.get('/api/lab')).body);
  expect(runningExperiments).toMatchObject([{ id: 'run-1', state: 'running', verdict: null }]);

  const ended = end();
  const answer = await lab.send('POST', '/api/experiments/run-1/end', ended, asLab);
  expect(experimentSchema.parse(answer.body)).toMatchObject({
    state: 'ended',
    verdict: 'broken',
    // The alerts are not counted a second time.
    promises: { kept: 1, broken: 0 },
    result,
  });
  expect((await lab.send('POST', '/api/experiments/run-1/end', ended, asLab)).status).toBe(200);
  expect((await lab.send('POST', '/api/experiments/run-1/end', end({ verdict: 'kept' }), asLab)).status).toBe(
    409,
  );
  expect(await active()).toEqual(['lab_experiment_active{experiment="database-down"} 0']);
  expect((await lab.get('/api/experiments/run-1')).body).toEqual(answer.body);
});

test('experiments are listed newest first, page by page, by name and state; one without an end is abandoned', async () => {
  const long = new Date(Date.now() - 7 * 3_600_000).toISOString();
  await lab.send('POST', '/api/experiments', start('old', { name: 'control', startedAt: long }), asLab);
  for (const id of ['a', 'b', 'c'])
    await lab.send(
      'POST',
      '/api/experiments',
      start(id, { name: 'control', startedAt: '2026-11-22T12:00:00Z' }),
      asLab,
    );
  await lab.send('POST', '/api/experiments/b/end', end({ result: undefined }), asLab);
  const ids = async (query: string) =>
    experimentPageSchema.parse((await lab.get(`/api/experiments?${query}`)).body).items.map(({ id }) => id);
  const named = await ids('name=control');
  expect(named.slice().sort()).toEqual(['a', 'b', 'c', 'old']);
  const first = experimentPageSchema.parse((await lab.get('/api/experiments?name=control&limit=3')).body);
  expect(await ids(`name=control&limit=3&cursor=${first.nextCursor}`)).toEqual(named.slice(3));
  expect(await ids('name=control&state=ended')).toEqual(['b']);
  expect(await ids('name=control&state=abandoned')).toContain('old');
  expect(await active()).toContainEqual('lab_experiment_active{experiment="database-down"} 0');
});

test.each([
  ['without a token', {}, 401],
  ['with another token', { authorization: 'Bearer wrong' }, 401],
  ['with basic authorization', { authorization: `Basic ${LAB_TOKEN}` }, 401],
])('nobody reports %s', async (_, headers, status) => {
  const answer = await lab.send('POST', '/api/experiments', start('x'), headers);
  expect(answer.status).toBe(status);
  expect(answer.headers.get('www-authenticate')).toContain('Bearer');
  expect((await lab.send('POST', '/api/experiments/run-1/end', end(), headers)).status).toBe(status);
  expect((await lab.send('PUT', '/api/lab', { speed: 5 }, headers)).status).toBe(status);
});

test.each([
  ['id', start('../etc')],
  ['name', start('x', { name: 'Not A Name' })],
  ['startedAt', start('x', { startedAt: 'now' })],
  ['mode', start('x', { mode: 'no name' })],
  ['speed', start('x', { speed: 0 })],
  ['surprise', start('x', { surprise: 1 })],
])('a start with a bad %s is refused by that name', async (parameter, body) => {
  expect(await lab.send('POST', '/api/experiments', body, asLab)).toMatchObject({
    status: 400,
    body: { parameter },
  });
});

test('the contract that lab imports loads nothing but schemas', async () => {
  const script = `await import('lab-console/contract/experiments');
    console.log(JSON.stringify(process.moduleLoadList.filter((name) => /sqlite|http$|worker_threads/.test(name))))`;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], {
    cwd: import.meta.dirname,
  });
  expect(JSON.parse(stdout)).toEqual([]);
});

test('a result as lab writes it in whole, and as an older lab wrote it, are both kept', async () => {
  const alert: JudgedAlert = {
    name: 'DatabaseDown',
    expected: 'fire',
    pendingAfterSeconds: 4,
    firedAfterSeconds: 6.5,
    inboxAfterSeconds: 9.5,
    resolvedAfterSeconds: null,
    resolvedMessageAfterSeconds: null,
    limitSeconds: 20,
    theoreticalMinimumSeconds: 6,
    theoreticalInboxSeconds: 9,
    kept: true,
  };
  const whole = { ...result, alerts: [judgedAlertSchema.parse(alert)], rollbackAfterSeconds: 12 };
  const { rollbackAfterSeconds: _, ...old } = {
    ...whole,
    timeline: [{ at: '2025-01-01T00:00:00Z', kind: 'something of an older lab', text: 'x' }],
  };
  for (const [id, reported] of Object.entries({ whole, old })) {
    await lab.send('POST', '/api/experiments', start(id), asLab);
    const answer = await lab.send('POST', `/api/experiments/${id}/end`, end({ result: reported }), asLab);
    expect(answer.status).toBe(200);
    await lab.restart('SIGKILL');
    expect((await lab.get(`/api/experiments/${id}`)).body).toMatchObject({ result: reported });
  }
});

test.each([
  ['an unknown experiment', 'nowhere', end(), 404],
  ['an id that is none', '%00', end(), 400],
  ['a verdict that is none', 'run-1', end({ verdict: 'maybe' }), 400],
  ['a result of another shape', 'run-1', end({ result: { alerts: [{ name: 'x' }] } }), 400],
  ['a result too large', 'run-1', end({ result: { filler: 'x'.repeat(5_000_000) } }), 413],
])('an end is refused: %s', async (_, id, body, status) => {
  expect((await lab.send('POST', `/api/experiments/${id}/end`, body, asLab)).status).toBe(status);
});

test('the time scale is set by lab, kept over a restart, and changes when the watchdog is due', async () => {
  expect((await lab.send('PUT', '/api/lab', { speed: 10 }, asLab)).body).toMatchObject({
    speed: 10,
    deadMansSwitch: { intervalSeconds: 6, limitSeconds: 15 },
  });
  await lab.restart('SIGKILL');
  expect(labSchema.parse((await lab.get('/api/lab')).body)).toMatchObject({
    speed: 10,
    mode: 'lite',
    features: { logs: true },
  });
  for (const body of [{ speed: 0.5 }, { speed: 1000 }, { speed: '2' }, {}, { speed: 2, more: 1 }]) {
    expect((await lab.send('PUT', '/api/lab', body, asLab)).status).toBe(400);
  }
});

test('experiments without end are bounded, in the store and in the metric', async () => {
  for (let index = 0; index < 70; index++)
    await lab.send('POST', '/api/experiments', start(`many-${index}`, { name: `name-${index}` }), asLab);
  const lines = await active();
  expect(lines.length).toBeLessThanOrEqual(61);
  expect(lines).toContain('lab_experiment_active{experiment="other"} 1');
});
