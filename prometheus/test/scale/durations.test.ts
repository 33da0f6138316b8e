/** Durations in every form that Prometheus takes, 2.42 to 3: https://prometheus.io/docs/prometheus/latest/querying/basics/ */
import { scaleDuration, scalePromql } from '@lab/prometheus';
import { describe, expect, test } from 'vitest';

describe('at time scale 10', () => {
  test.each([
    ['a compound range', 'rate(x[1h30m15s500ms])', 'rate(x[9m1s550ms])'],
    ['a range in seconds', 'rate(x[300])', 'rate(x[30])'],
    ['a range in other numbers', 'a[1e3] + b[1_000] + c[0x1E]', 'a[100] + b[100] + c[3]'],
    ['a range among blanks', 'max_over_time(x[ 1h : 5m ])', 'max_over_time(x[ 6m : 30s ])'],
    ['an offset with its plus', 'x offset +5m', 'x offset +30s'],
    ['an offset with a comment before its sign', 'x offset # 5m\n-5m', 'x offset # 5m\n-30s'],
    ['an offset of nothing', 'x offset 0s', 'x offset 0s'],
    ['several @ and offsets', 'x[5m] @ 1609746000 offset 1m', 'x[30s] @ 1609746000 offset 6s'],
    ['a name that begins with a colon', ':a:rate5m[1h:10s]', ':a:rate5m[6m:1s]'],
    ['a quoted name', 'rate({"rate5m", a="[5m]"}[5m])', 'rate({"rate5m", a="[5m]"}[30s])'],
    ['a computed range', 'rate(x[5m * 2])', 'rate(x[1m])'],
    ['a computed range with a number of seconds', 'rate(x[5m + 30])', 'rate(x[33s])'],
    ['powers, signs and parentheses', 'rate(x[-(-2m ^ 2 / 1m) - -1m])', 'rate(x[30s])'],
    ['a computed offset', 'x offset (1h / 2)', 'x offset 3m'],
    ['a computed negative offset', 'x offset -(5m + 1m) > 2', 'x offset -36s > 2'],
    ['an offset in parentheses, which reads on', 'x offset (5m) * 2 > 3', 'x offset 1m > 3'],
    ['an offset without, which does not', 'x offset 5m * 2 > 3', 'x offset 30s * 2 > 3'],
    ['step() alone', 'x[1h:step()] offset step()', 'x[6m:step()] offset step()'],
    ['step() with a duration', 'rate(x[2 * step() + 1m])', 'rate(x[2 * step() + 6s])'],
    ['step() with seconds', 'rate(x[max_of(step(), 300) % 20])', 'rate(x[max_of(step(), 30) % 2])'],
    [
      'a quotient of steps is a number',
      'rate(x[5m * (step() / range())])',
      'rate(x[30s * (step() / range())])',
    ],
    ['range() with a duration', 'rate(x[range() + 5m])', 'rate(x[range() + 30s])'],
    ['functions of the same names', 'start() + range() + step()', 'start() + range() + step()'],
    ['a marked duration', 'time() - x > 5m # scale: duration', 'time() - x > 30s # scale: duration'],
    ['a marked number in another form', 'x > 1_000 # scale: duration', 'x > 100 # scale: duration'],
    ['a moment before a mark', 'x @ 100 > 50 # scale: duration', 'x @ 100 > 5 # scale: duration'],
  ])('%s', (_, expression, scaled) => {
    expect(scalePromql(expression, 10)).toBe(scaled);
  });

  test.each([
    ['a latency written as a duration', 'histogram_quantile(0.9, x) > 500ms'],
    ['seconds that no mark speaks for', 'predict_linear(x{a="1h"}, 3600) > 300'],
    ['a moment', 'x @ 300 + x @ start() + x @ end()'],
    ['a comment that only ends in scale', 'x > 5 # autoscale: rate'],
    ['labels named like keywords', 'sum by (offset, step) (x{offset="5m", step="1h"})'],
    ['escaped quotes and other strings', `x{a="\\"[5m]",b='\\'offset 1h',c=\`\\[5m]\`}`],
  ])('leaves %s', (_, expression) => {
    expect(scalePromql(expression, 10)).toBe(expression);
  });

  test.each([
    ['steps multiplied', 'rate(x[step() * step()])', /"step\(\) \* step\(\)" is not divided/],
    ['a range that divides by nothing', 'rate(x[5m / 0])', /not a duration/],
    [
      'a function that computes no duration',
      'rate(x[floor(5m)])',
      /expected a duration, received "floor\(5m\)"/,
    ],
    ['a rate that is a duration', 'x > 5m # scale: rate', /expected a plain number/],
  ])('refuses %s', (_, expression, message) => {
    expect(() => scalePromql(expression, 10)).toThrow(message);
  });
});

test('a subquery gets the step that Prometheus would have taken, where that is not divided with the rest', () => {
  const scale = (expression: string) => scalePromql(expression, 10, { defaultStep: '500ms' });
  expect(scale('sum_over_time(x[1h:])')).toBe('sum_over_time(x[6m:500ms])');
  expect(scale('sum_over_time(x[1h:10s])')).toBe('sum_over_time(x[6m:1s])');
  expect(scale('max_over_time(sum_over_time(x[5m:])[1h: ] offset 1m)')).toBe(
    'max_over_time(sum_over_time(x[30s:500ms])[6m:500ms ] offset 6s)',
  );
  expect(scale('sum_over_time(x[1h * 2:])')).toBe('sum_over_time(x[12m:500ms])');
});

test('no duration becomes 0, and 0 stays', () => {
  expect(scaleDuration('1ms', 10)).toBe('1ms');
  expect(scaleDuration('0', 10)).toBe('0s');
});
