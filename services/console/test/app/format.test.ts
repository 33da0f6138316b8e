import { describe, expect, it } from 'vitest';
import { humanDuration, latency, parseDuration, promDuration } from '../../src/app/format/duration.ts';
import { relative, shortMoment } from '../../src/app/format/time.ts';
import { formatText } from '../../src/app/format/units.ts';

describe('units', () => {
  it.each([
    [0.0123, 's', undefined, '12.3 ms'],
    [0.0000456, 's', undefined, '45.6 µs'],
    [90, 's', undefined, '1.50 mins'],
    [0, 's', undefined, '0 s'],
    [1500, 'ms', undefined, '1.50 s'],
    [27.3456, 'reqps', 1, '27.3 req/s'],
    [1530, 'reqps', undefined, '1.53K req/s'],
    [0.0743, 'percentunit', undefined, '7.43%'],
    [0.0743, 'percentunit', 1, '7.4%'],
    [12.5, 'percent', undefined, '12.5%'],
    [1536, 'bytes', undefined, '1.50 KiB'],
    [148_000_000, 'decbytes', undefined, '148 MB'],
    [1234, 'short', undefined, '1.23 K'],
    [1234, 'none', undefined, '1234'],
    [1, 'bool_yes_no', undefined, 'Yes'],
    [5, 'suffix:items', undefined, '5 items'],
    [5, 'prefix:£', undefined, '£5'],
    [5, 'widgets', undefined, '5 widgets'],
    [-0.4, 'none', 0, '0'],
    [Number.NaN, 'none', undefined, 'NaN'],
    [Number.POSITIVE_INFINITY, 'short', undefined, '∞'],
    [3, undefined, undefined, '3'],
  ])('writes %s in %s as %4$s', (value, unit, decimals, text) => {
    expect(formatText(value, unit, decimals)).toBe(text);
  });

  it('writes a moment as local date and time', () => {
    expect(formatText(Date.UTC(2026, 10, 22, 14, 5, 9), 'dateTimeAsIso')).toBe('2026-11-22 14:05:09');
  });
});

describe('durations', () => {
  it.each([
    ['30s', 30],
    ['5m', 300],
    ['1h30m', 5400],
    ['1500ms', 1.5],
    ['7d', 604_800],
    ['', undefined],
    ['5', undefined],
    ['-5m', undefined],
    ['5x', undefined],
  ])('reads %j as %s seconds', (text, seconds) => {
    expect(parseDuration(text)).toBe(seconds);
  });

  it.each([
    [300, '5m'],
    [90, '90s'],
    [5400, '90m'],
    [1.5, '1500ms'],
    [86_400, '1d'],
  ])('writes %s seconds as %s, which Prometheus reads as the same', (seconds, text) => {
    expect(promDuration(seconds)).toBe(text);
    expect(parseDuration(text)).toBe(seconds);
  });

  it('shows at most two units of a long time and three digits of a short one', () => {
    expect([humanDuration(200), humanDuration(3600), humanDuration(93_780)]).toEqual([
      '3 m 20 s',
      '1 h',
      '1 d 2 h',
    ]);
    expect([latency(0.000184), latency(0.01237), latency(1.234), latency(150)]).toEqual([
      '184 µs',
      '12.4 ms',
      '1.23 s',
      '2 m 30 s',
    ]);
  });
});

describe('moments', () => {
  const now = Date.UTC(2026, 10, 22, 12);
  it('says how long ago, or in how long', () => {
    expect([relative(now - 500, now), relative(now - 61_000, now), relative(now + 240_000, now)]).toEqual([
      'now',
      '1 m ago',
      'in 4 m',
    ]);
  });
  it('leaves the date out on the same day only', () => {
    expect(shortMoment(now - 60_000, now)).toBe('11:59:00');
    expect(shortMoment(now - 86_400_000, now)).toBe('11-21 12:00');
  });
});
