import { describe, expect, it } from 'vitest';
import { describeRange, fixedRange, resolveRange, shift, zoomOut } from '../../src/app/time/range.ts';

const now = Date.UTC(2026, 10, 22, 12);
const HOUR = 3_600_000;

describe('resolving', () => {
  it.each([
    [
      { from: 'now-1h', to: 'now' },
      { from: now - HOUR, to: now },
    ],
    [
      { from: 'now-1d', to: 'now-12h' },
      { from: now - 24 * HOUR, to: now - 12 * HOUR },
    ],
    [
      { from: String(now - HOUR), to: String(now) },
      { from: now - HOUR, to: now },
    ],
    [
      { from: '2026-11-22T11:00:00Z', to: 'now' },
      { from: now - HOUR, to: now },
    ],
    [
      { from: '2026-11-22 11:00', to: 'now' },
      { from: now - HOUR, to: now },
    ],
  ])('reads %o', (range, resolved) => {
    expect(resolveRange(range, now)).toEqual(resolved);
  });

  it.each([
    [{ from: 'now', to: 'now-1h' }],
    [{ from: 'now', to: 'now' }],
    [{ from: 'yesterday', to: 'now' }],
    [{ from: 'now-', to: 'now' }],
    [{ from: '1', to: 'now' }],
    [{ from: '', to: '' }],
  ])('refuses %o', (range) => {
    expect(resolveRange(range, now)).toBeUndefined();
  });
});

describe('moving', () => {
  const range = { from: now - HOUR, to: now };
  it('zooms out to twice the width, not beyond the present', () => {
    expect(resolveRange(zoomOut(range, now), now)).toEqual({ from: now - 1.5 * HOUR, to: now });
  });
  it('goes back by half the width and stops at the present', () => {
    expect(resolveRange(shift(range, -1, now), now)).toEqual({
      from: now - 1.5 * HOUR,
      to: now - 0.5 * HOUR,
    });
    expect(resolveRange(shift(range, 1, now), now)).toEqual(range);
  });
  it('makes a range of at least a second from a drag in either direction', () => {
    expect(resolveRange(fixedRange(now, now - HOUR), now)).toEqual(range);
    expect(resolveRange(fixedRange(now - HOUR, now - HOUR), now)).toEqual({
      from: now - HOUR,
      to: now - HOUR + 1000,
    });
  });
});

it('names quick ranges, other live ranges by length, fixed ones by their ends', () => {
  expect(describeRange({ from: 'now-30m', to: 'now' }, now)).toBe('Last 30 minutes');
  expect(describeRange({ from: 'now-45m', to: 'now' }, now)).toBe('Last 45 m');
  expect(describeRange(fixedRange(now - HOUR, now), now)).toBe('11:00:00 to 12:00:00');
  expect(describeRange({ from: 'x', to: 'now' }, now)).toBe('Unreadable time range');
});
