import { describe, expect, it } from 'vitest';
import { alignRange, chooseStep, rateInterval } from '../../src/app/prometheus/interval.ts';
import { readExemplars, readQueryResult } from '../../src/app/prometheus/result.ts';

describe('steps', () => {
  it.each([
    [1800, 600, 5, 5],
    [3600, 600, 5, 10],
    [86_400, 600, 5, 300],
    [2_592_000, 600, 5, 7200],
    [60, 600, 5, 5],
    [60, 600, 1, 1],
  ])(
    'asks %s seconds at %s points with at least %s s every %s s',
    (rangeSeconds, maxDataPoints, min, step) => {
      expect(chooseStep({ rangeSeconds, maxDataPoints, minIntervalSeconds: min })).toBe(step);
    },
  );

  it('never asks for more points than Prometheus gives', () => {
    const year = 31_536_000;
    const step = chooseStep({ rangeSeconds: year, maxDataPoints: 1_000_000, minIntervalSeconds: 1 });
    expect(year / step).toBeLessThanOrEqual(11_000);
  });

  it('makes a rate interval of at least four scrapes', () => {
    expect(rateInterval(5, 5)).toBe(20);
    expect(rateInterval(60, 5)).toBe(65);
  });

  it('puts both ends on a multiple of the step, whatever the moment of asking', () => {
    expect(alignRange(1_000_003_000, 1_000_903_000, 10)).toEqual({ start: 1_000_000, end: 1_000_900 });
  });
});

describe('results', () => {
  it('reads a matrix with its special values', () => {
    const data = {
      resultType: 'matrix',
      result: [
        {
          metric: { a: 'b' },
          values: [
            [1, '1.5'],
            [2, 'NaN'],
            [3, '+Inf'],
          ],
        },
      ],
    };
    expect(readQueryResult(data)).toEqual([
      { labels: { a: 'b' }, times: [1, 2, 3], values: [1.5, Number.NaN, Number.POSITIVE_INFINITY] },
    ]);
  });
  it('reads vectors and scalars as one point a series', () => {
    expect(readQueryResult({ resultType: 'vector', result: [{ metric: {}, value: [7, '2'] }] })).toEqual([
      { labels: {}, times: [7], values: [2] },
    ]);
    expect(readQueryResult({ resultType: 'scalar', result: [7, '3'] })).toEqual([
      { labels: {}, times: [7], values: [3] },
    ]);
  });
  it('says what was expected where the answer is something else', () => {
    expect(() => readQueryResult({ resultType: 'matrix', result: null })).toThrow('expected a list');
    expect(() => readQueryResult('x')).toThrow('expected a Prometheus query result');
    expect(() => readExemplars({})).toThrow('expected a list of exemplars');
  });
});
