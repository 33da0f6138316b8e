import { describe, expect, test } from 'vitest';
import type { Episode } from '../../src/recordings/recording.ts';
import { type AlertSample, episodesOver } from '../../src/rehearsal/alert-states.ts';

const SECOND = 1000;

/** Plays an expression that is true at some seconds, evaluated every second from 0 to `until`. */
function play(
  trueAt: readonly number[],
  {
    forSeconds = 0,
    keepSeconds = 0,
    until = 20,
    refusedAt = [] as readonly number[],
    before = [] as readonly Episode[],
    pausedFrom = Number.POSITIVE_INFINITY,
    pausedTo = 0,
  } = {},
) {
  const all = Array.from({ length: until + 1 }, (_, index) => index);
  const sample: AlertSample = { labels: { job: 'api' }, source: { job: 'api' }, value: 1 };
  const episodes = episodesOver({
    rule: { name: 'Broken', forMs: forSeconds * SECOND, keepFiringForMs: keepSeconds * SECOND },
    evaluations: all.filter((at) => at <= pausedFrom || at >= pausedTo).map((at) => at * SECOND),
    at: (evaluation) =>
      refusedAt.includes(evaluation / SECOND)
        ? undefined
        : trueAt.includes(evaluation / SECOND)
          ? [sample]
          : [],
    before,
  });
  return episodes.map(({ pendingAt, firingAt, endedAt }) =>
    [pendingAt, firingAt, endedAt].map((at) => at && at / SECOND),
  );
}

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('the states of an alert', () => {
  test('fires at once without `for`, and ends with the last evaluation at which it was true', () => {
    expect(play(range(3, 6))).toEqual([[3, 3, 6]]);
  });

  test('fires when it has been true for as long as `for` says, and not an evaluation sooner', () => {
    expect(play(range(3, 8), { forSeconds: 5 })).toEqual([[3, 8, 8]]);
    expect(play(range(3, 7), { forSeconds: 5 })).toEqual([[3, undefined, 7]]);
  });

  test('begins anew after a single evaluation at which it was not true', () => {
    expect(play([3, 4, 5, 7, 8, 9, 10], { forSeconds: 3 })).toEqual([
      [3, undefined, 5],
      [7, 10, 10],
    ]);
  });

  test('goes on firing as long as `keep_firing_for` says, and through a gap that is shorter', () => {
    expect(play(range(3, 5), { keepSeconds: 4 })).toEqual([[3, 3, 9]]);
    expect(play([3, 4, 7, 8], { keepSeconds: 4 })).toEqual([[3, 3, 12]]);
  });

  test('stays as it is while Prometheus refuses to evaluate it', () => {
    expect(play([3, 4, 7, 8], { forSeconds: 4, refusedAt: [5, 6] })).toEqual([[3, 7, 8]]);
  });

  test('counts `for` by the clock over a pause without evaluations', () => {
    expect(play([3, 4, ...range(9, 12)], { forSeconds: 5, pausedFrom: 4, pausedTo: 9 })).toEqual([
      [3, 9, 12],
    ]);
  });

  test('is still active at the end where it never stops being true', () => {
    expect(play(range(3, 20))).toEqual([[3, 3, undefined]]);
  });

  test('goes on with what was active before', () => {
    const before = [{ alert: 'Broken', labels: { job: 'api' }, pendingAt: -8000 }];
    expect(play(range(0, 5), { forSeconds: 10, before })).toEqual([[-8, 2, 5]]);
  });

  test('ends what was kept firing from before when it really ended', () => {
    const before = [
      { alert: 'Broken', labels: { job: 'api' }, pendingAt: -9000, firingAt: -9000, endedAt: 6000 },
    ];
    expect(play([], { keepSeconds: 30, before })).toEqual([[-9, -9, 6]]);
  });
});
