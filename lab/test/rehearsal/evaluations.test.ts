import { expect, test } from 'vitest';
import { episodesOf } from '../../src/recordings/evaluations.ts';
import { rulesOf } from '../../src/recordings/rule-set.ts';
import { type Point, rawSeries } from '../../src/remote-storage/write-series.ts';

const BEGIN = 1_800_000_000_000;
const rules = rulesOf(
  new Map([['rules.yml', 'groups: [{ name: g, rules: [{ alert: Broken, expr: up == 0 }] }]']]),
  { speed: 1, evaluationMs: 1000 },
);
const groups = [{ file: 'rules.yml', group: 'g', phaseMs: 0 }];

/** What Prometheus writes of an alert at some seconds, each with the second since when it was active. */
function written(seconds: readonly (readonly [at: number, since: number])[]) {
  const series = (name: string, labels: Record<string, string>, value: (since: number) => number) =>
    rawSeries(
      { __name__: name, alertname: 'Broken', ...labels },
      seconds.map(([at, since]): Point => [BEGIN + at * 1000, value(since)]),
    );
  return [
    series('ALERTS', { alertstate: 'firing' }, () => 1),
    series('ALERTS_FOR_STATE', {}, (since) => BEGIN / 1000 + since),
  ];
}

const spans = (seconds: readonly (readonly [number, number])[]) =>
  episodesOf(written(seconds), rules, groups).map(({ firingAt = 0, endedAt = 0 }) => [
    (firingAt - BEGIN) / 1000,
    (endedAt - BEGIN) / 1000,
  ]);

test('an alert that is active since the same moment goes on over a stretch without evaluations', () => {
  expect(spans([1, 2, 9, 10].map((at) => [at, 1]))).toEqual([[1, 10]]);
});

test('an alert that is active since another moment is another episode', () => {
  expect(
    spans([
      [1, 1],
      [2, 1],
      [9, 9],
    ]),
  ).toEqual([
    [1, 2],
    [9, 9],
  ]);
});
