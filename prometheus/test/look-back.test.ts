import { describe, expect, test } from 'vitest';
import { readRules, recordedPast, recordingsOf, seriesRead } from '../src/index.ts';

const MINUTE = 60_000;

describe('the series that an expression reads', () => {
  test.each<[string, [string, number][]]>([
    ['up == 0', [['up', 0]]],
    ['rate(requests_total{job="api"}[5m])', [['requests_total', 5]]],
    ['present_over_time(a[45m] offset 20m)', [['a', 65]]],
    ['max_over_time(rate(a[1m] offset 2m)[30m:10s] offset 3m)', [['a', 36]]],
    ['sum(a offset -5m)', [['a', 0]]],
    [
      'avg_over_time(slo:requests:rate1m[5m:10s]) / on () b',
      [
        ['slo:requests:rate1m', 5],
        ['b', 0],
      ],
    ],
    ['histogram_quantile(0.9, sum by (le) (rate(b_bucket[2m]))) > 0 # c[9m]', [['b_bucket', 2]]],
    ['rate(a[300])', [['a', 5]]],
  ])('%s', (expression, expected) => {
    expect(seriesRead(expression)).toEqual(
      expected.map(([metric, minutes]) => ({ metric, reachMs: minutes * MINUTE })),
    );
  });

  test('cannot be told of what is no expression, and the error shows the place', () => {
    expect(() => seriesRead('sum(rate(a[5m])')).toThrow(/not a PromQL expression/);
  });
});

describe('the recorded past that an expression looks back at', () => {
  const recordings = recordingsOf([
    `groups:
  - name: one
    rules:
      - record: rate2m
        expr: sum(rate(requests_total[2m]))
      - record: median1h
        expr: quantile_over_time(0.5, rate2m[1h] offset 5m)
      - record: itself
        expr: max_over_time(itself[1m]) + rate2m
      - alert: NoRecording
        expr: up == 0
`,
    '# nothing but a comment',
  ]);

  test('goes through the rules that record what is read', () => {
    expect(recordedPast('median1h > 3', recordings)).toEqual([{ metric: 'rate2m', reachMs: 65 * MINUTE }]);
  });

  test('adds what the expression looks back itself', () => {
    expect(recordedPast('max_over_time(median1h[10m])', recordings)).toEqual([
      { metric: 'median1h', reachMs: 10 * MINUTE },
      { metric: 'rate2m', reachMs: 75 * MINUTE },
    ]);
  });

  test('is empty for what is current or not recorded', () => {
    expect(recordedPast('rate2m > 1 and rate(requests_total[5m]) > 0', recordings)).toEqual([]);
  });

  test('ends at a rule that reads what it records', () => {
    expect(recordedPast('itself offset 1m', recordings)).toEqual([
      { metric: 'itself', reachMs: MINUTE },
      { metric: 'rate2m', reachMs: MINUTE },
    ]);
  });

  test('reaches an hour and five minutes back for the learned bands of the rules as they are', () => {
    const rules = recordingsOf(readRules().values());
    expect(recordedPast('lab:latency_p90:upper1h', rules)).toContainEqual({
      metric: 'lab:latency_p90:rate2m',
      reachMs: 65 * MINUTE,
    });
  });
});
