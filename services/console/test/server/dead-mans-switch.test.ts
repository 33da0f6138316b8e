import type { Logger } from '@lab/telemetry';
import { eventually, LAB_TOKEN, startConsole } from '@lab/testing';
import { expect, test } from 'vitest';
import { labSchema } from '../../src/contract/lab.ts';
import { type SwitchMemory, WatchdogSwitch } from '../../src/server/dead-mans-switch/dead-mans-switch.ts';

const quiet = { error: () => undefined, info: () => undefined } as unknown as Logger;

function setUp(memory: SwitchMemory = { lastSeenMs: null, silentSinceMs: null, silences: 0 }) {
  const clock = { ms: 1_000_000_000 };
  const saved: SwitchMemory[] = [];
  let silences = 0;
  const make = (from: SwitchMemory) =>
    new WatchdogSwitch({
      intervalSeconds: 60,
      speed: 1,
      memory: from,
      save: (now) => saved.push(now),
      onSilence: () => silences++,
      logger: quiet,
      now: () => clock.ms,
    });
  const watchdog = make(memory);
  return {
    watchdog,
    make,
    saved,
    count: () => silences,
    /** Lets time go by as the program does: with a look every second. */
    pass(seconds: number, which = watchdog) {
      for (let second = 0; second < seconds; second++) {
        clock.ms += 1000;
        which.check();
      }
    },
  };
}

test('a watchdog every minute is alive; one that is late is not silent yet; two missed are', () => {
  const { watchdog, pass, count } = setUp();
  expect(watchdog.status()).toMatchObject({ state: 'waiting', lastSeenAt: null });
  for (let minute = 0; minute < 10; minute++) {
    pass(60);
    watchdog.seen();
    expect(watchdog.status().state).toBe('alive');
  }
  pass(119);
  expect(watchdog.status().state).toBe('alive');
  pass(32);
  expect(watchdog.status()).toMatchObject({ state: 'silent', silences: 1 });
  pass(600);
  expect(count()).toBe(1);
  watchdog.seen();
  expect(watchdog.status()).toMatchObject({ state: 'alive', silentSince: null, silences: 1 });
  pass(151);
  expect(count()).toBe(2);
});

test('one that never comes is silent after a while, not for ever waited for', () => {
  const { watchdog, pass } = setUp();
  pass(150);
  expect(watchdog.status().state).toBe('waiting');
  pass(1);
  expect(watchdog.status().state).toBe('silent');
});

test('a console that was down gives the watchdog its time again; a silence goes on and is not counted twice', () => {
  const { watchdog, make, pass, saved, count } = setUp({
    lastSeenMs: 1_000_000_000 - 3_600_000,
    silentSinceMs: null,
    silences: 4,
  });
  expect(watchdog.status()).toMatchObject({ state: 'waiting', silences: 4 });
  pass(150);
  expect(count()).toBe(0);
  pass(1);
  expect(saved.at(-1)).toMatchObject({ silences: 5 });
  const next = make(saved.at(-1) as SwitchMemory);
  expect(next.status()).toMatchObject({ state: 'silent', silences: 5 });
  pass(1000, next);
  expect(count()).toBe(1);
});

test('a faster time scale shortens the wait, and grants a whole new one when it is set', () => {
  const { watchdog, pass, count } = setUp();
  watchdog.seen();
  pass(100);
  watchdog.setSpeed(10);
  expect(watchdog.status()).toMatchObject({ intervalSeconds: 6, limitSeconds: 15 });
  pass(15);
  expect(count()).toBe(0);
  pass(1);
  expect(count()).toBe(1);
});

const webhook = (status: 'firing' | 'resolved') => ({
  version: '4',
  status,
  receiver: 'dead-mans-switch',
  alerts: [{ status, labels: { alertname: 'Watchdog' }, annotations: {}, startsAt: '2026-11-22T12:00:00Z' }],
});

test('end to end: the hook, the silence, its metrics, and what is kept over a kill', async () => {
  await using lab = await startConsole({ WATCHDOG_INTERVAL_SECONDS: '1' });
  const state = async () => labSchema.parse((await lab.get('/api/lab')).body).deadMansSwitch;
  const metric = async (name: string) =>
    Number(new RegExp(`^${name} (\\S+)`, 'm').exec(await lab.program.metrics())?.[1]);
  expect((await lab.send('POST', '/hooks/watchdog', webhook('firing'))).status).toBe(200);
  expect((await state()).state).toBe('alive');
  expect(
    Math.abs((await metric('deadmansswitch_last_seen_timestamp_seconds')) - Date.now() / 1000),
  ).toBeLessThan(60);
  // A resolved watchdog is a rule that is gone, not a sign of life.
  await lab.send('POST', '/hooks/watchdog', webhook('resolved'));
  await eventually('its silence is noticed', async () => (await state()).state === 'silent');
  expect(await metric('deadmansswitch_silences_total')).toBe(1);
  await lab.restart('SIGKILL');
  expect(await state()).toMatchObject({ state: 'silent', silences: 1 });
  expect(await metric('deadmansswitch_silences_total')).toBe(1);
  await lab.send('POST', '/hooks/watchdog', webhook('firing'));
  expect((await state()).state).toBe('alive');
  for (const body of [{}, { status: 'firing', alerts: [] }, [], 'x']) {
    expect((await lab.send('POST', '/hooks/watchdog', JSON.stringify(body))).status).toBe(400);
  }
  const fromPage = await lab.send('POST', '/hooks/watchdog', webhook('firing'), {
    origin: lab.url,
    authorization: `Bearer ${LAB_TOKEN}`,
  });
  expect(fromPage.status).toBe(403);
});
