import { scalePromql } from '@lab/prometheus';
import { describe, expect, test } from 'vitest';

describe('scaling an expression by 10', () => {
  test.each([
    ['a range', 'rate(x[5m])', 'rate(x[30s])'],
    ['a range of several units', 'rate(x[1h30m])', 'rate(x[9m])'],
    ['a range that does not divide evenly', 'rate(x[1s])', 'rate(x[100ms])'],
    ['an offset', 'x offset 1w', 'x offset 16h48m'],
    ['a negative offset', 'rate(x[5m] offset -1m)', 'rate(x[30s] offset -6s)'],
    [
      'a subquery with its step and offset',
      'max_over_time(x[1h:1m] offset 5m)',
      'max_over_time(x[6m:6s] offset 30s)',
    ],
    ['a subquery without a step', 'max_over_time(rate(x[5m])[1h:])', 'max_over_time(rate(x[30s])[6m:])'],
    ['ranges within ranges', 'a[5m:1m] and b[2m] or c offset 10m', 'a[30s:6s] and b[12s] or c offset 1m'],
    ['a range beside @', 'rate(x[5m] @ end())', 'rate(x[30s] @ end())'],
  ])('%s', (_, expression, scaled) => {
    expect(scalePromql(expression, 10)).toBe(scaled);
  });

  test.each([
    ['text in a label value that looks like a range', 'x{route="/a[5m]",y="offset 5m"}'],
    ['metric and label names that look like durations', 'x5m{d1h="1"} > on (d1h) slo:rate1h'],
    ['ratios, latencies and rates', 'a / b > 0.05 and c > 1 and histogram_quantile(0.9, d) > 0.5'],
    ['a comment that speaks of [5m]', 'x > 1 # over [5m]'],
  ])('leaves %s', (_, expression) => {
    expect(scalePromql(expression, 10)).toBe(expression);
  });

  test('divides a number marked as a duration, and only that one', () => {
    expect(scalePromql('time() - x > 180 # scale: duration', 10)).toBe('time() - x > 18 # scale: duration');
    expect(scalePromql('predict_linear(x[10m], 3600) # scale: duration\n> 7', 10)).toBe(
      'predict_linear(x[1m], 360) # scale: duration\n> 7',
    );
  });

  test('multiplies a number marked as a rate', () => {
    expect(scalePromql('a > 0.05\nand b > 0.02 # scale: rate', 10)).toBe(
      'a > 0.05\nand b > 0.2 # scale: rate',
    );
  });

  test.each([
    ['an unknown mark', 'x > 1 # scale: bytes', /# scale: duration.*# scale: bytes/],
    ['a mark without a number on its line', 'x > 5\nand y # scale: rate', /no number/],
    ['what is no expression', 'rate(x[5m]', /not a PromQL expression/],
    ['two expressions', 'x y', /not a PromQL expression/],
  ])('refuses %s', (_, expression, message) => {
    expect(() => scalePromql(expression, 10)).toThrow(message);
  });
});
