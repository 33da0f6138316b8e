import { formatDuration, parseDuration } from '@lab/prometheus';
import { describe, expect, test } from 'vitest';

describe('durations', () => {
  test.each([
    ['0', 0],
    ['0s', 0],
    ['1ms', 1],
    ['1500ms', 1500],
    ['5m', 300_000],
    ['1h30m', 5_400_000],
    ['1d', 86_400_000],
    ['2w', 1_209_600_000],
    ['1y', 31_536_000_000],
    ['1w2d3h4m5s6ms', 788_645_006],
  ])('%s is %d ms', (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(['', '5', '1.5s', '-5m', '5 m', '5M', '1m1h', '5m5m', 'm', '1e3s'])('refuses "%s"', (text) => {
    expect(() => parseDuration(text)).toThrow(RangeError);
  });

  test.each([
    [0, '0s'],
    [1, '1ms'],
    [1500, '1s500ms'],
    [90_000, '1m30s'],
    [129_600_000, '1d12h'],
    [30 * 86_400_000, '30d'],
    [0.4, '0s'],
  ])('%d ms is written %s', (milliseconds, text) => {
    expect(formatDuration(milliseconds)).toBe(text);
  });

  test.each([-1, Number.NaN, Number.POSITIVE_INFINITY])('refuses to write %d ms', (milliseconds) => {
    expect(() => formatDuration(milliseconds)).toThrow(RangeError);
  });
});
