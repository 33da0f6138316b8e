import type { RunReport } from '@lab/cli';
import { describe, expect, test } from 'vitest';
import { figuresFrom } from '../../src/figures/chaos-figures.ts';

describe('figures', () => {
  const report = (names: string[], verdict: 'kept' | 'broken' = 'kept'): RunReport => ({
    version: 1,
    id: 'a-run',
    startedAt: '2026-11-22T10:00:00.000Z',
    endedAt: '2026-11-22T10:06:00.000Z',
    mode: 'lite',
    speed: 10,
    rate: 12,
    summary: {
      experiments: names.length,
      promises: 9,
      promisesKept: 9,
      falseAlarms: 0,
      medianSecondsOverMinimum: 0.44,
      broken: [],
    },
    experiments: names.map((name) => ({
      name,
      title: name,
      story: name,
      verdict,
      startedAt: null,
      endedAt: null,
      method: [],
      rollbacks: [],
      alerts: [],
      promises: [],
      falseAlarms: [],
      impact: null,
      timeline: [],
    })),
  });
  const everything = Array.from({ length: 40 }, (_, index) => `experiment-${index}`);

  const known = [...everything, 'one', 'two'];

  test('count how many runs of the core suite in a row ended alike, from the newest back', () => {
    const core = ['one', 'two'];
    const reports = [
      report(core),
      report(everything),
      report(['two', 'one']),
      report(core, 'broken'),
      report(core),
    ];
    expect(figuresFrom(reports, { core, known })).toMatchObject({ runs_same_verdict: 2, minutes_core: 6 });
  });

  test('take each experiment from its newest run, and leave out those that are no more', () => {
    const reports = [report(['one', 'gone']), report([...everything, 'one', 'two']), report(['one'])];
    expect(figuresFrom(reports, { core: ['one'], known })).toMatchObject({ experiments: 42 });
  });

  test('are refused where a run is missing that they are taken from', () => {
    expect(() => figuresFrom([report(['one'])], { core: ['one'], known })).toThrow(
      'run `make chaos SUITE=all` first',
    );
    expect(() => figuresFrom([report(everything)], { core: ['one'], known })).toThrow(
      'run `make chaos` first',
    );
  });
});
