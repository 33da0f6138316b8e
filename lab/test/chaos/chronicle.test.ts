import { describe, expect, test } from 'vitest';
import { Chronicle } from '../../src/chaos/run/chronicle.ts';
import { GROUP_LIVES_MS } from '../../src/chaos/run/timing.ts';

const MINUTE = 60_000;

describe('whether Alertmanager still holds the group of an alert', () => {
  test('is judged by when it last fired, not by when the run began', () => {
    const chronicle = new Chronicle();
    chronicle.remember(new Map([['ConsoleDown', 0]]));
    expect(chronicle.firedWithin('ConsoleDown', GROUP_LIVES_MS, 14 * MINUTE)).toBe(true);
    expect(chronicle.firedWithin('ConsoleDown', GROUP_LIVES_MS, 20 * MINUTE)).toBe(false);
    expect(chronicle.firedWithin('ApiDown', GROUP_LIVES_MS, 14 * MINUTE)).toBe(false);
  });

  test('counts from the end of what fired during the run', () => {
    const chronicle = new Chronicle();
    const seen = (at: number, firing: boolean) =>
      chronicle.saw(at, firing ? [{ alert: 'ApiDown', labels: {}, state: 'firing', activeAt: 0 }] : []);
    seen(0, true);
    seen(10 * MINUTE, true);
    seen(11 * MINUTE, false);
    expect(chronicle.firedWithin('ApiDown', GROUP_LIVES_MS, 25 * MINUTE)).toBe(true);
    expect(chronicle.firedWithin('ApiDown', GROUP_LIVES_MS, 27 * MINUTE)).toBe(false);
  });
});

describe('of whose end the inbox has not heard', () => {
  const message = (id: string, job: string, status: 'firing' | 'resolved', receivedAt: number) => ({
    id,
    alert: 'SpansDropped',
    group: `alertname=SpansDropped job=${job}`,
    status,
    receivedAt,
    title: id,
  });

  test('is told for each group by its last message, in whatever order they are read', () => {
    const chronicle = new Chronicle();
    chronicle.read([
      message('d', 'api', 'resolved', 40),
      message('c', 'web', 'firing', 30),
      message('b', 'web', 'resolved', 20),
      message('a', 'api', 'firing', 10),
    ]);
    expect(chronicle.untold('SpansDropped', 0)).toEqual(['alertname=SpansDropped job=web']);
    expect(chronicle.untold('SpansDropped', 31)).toEqual([]);
    expect(chronicle.untold('ApiDown', 0)).toEqual([]);
  });
});
