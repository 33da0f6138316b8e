import { describe, expect, it } from 'vitest';
import { findBreakpoint } from '../../src/load/find-breakpoint.ts';

const search = { rate: 50, stepSeconds: 1, settleSeconds: 1, growth: 1.6, precision: 0.05, most: 5000 };

/** A machine whose limit is known. */
function machine(limit: number, hiccups: Set<number> = new Set()) {
  const tried: number[] = [];
  const tryRate = async (rate: number) => {
    const hiccup = hiccups.delete(tried.length);
    tried.push(rate);
    return { rate, holds: rate <= limit && !hiccup, detail: '' };
  };
  return { tried, tryRate };
}

describe('the search for the breakpoint', () => {
  it.each([50, 77, 128, 333, 1000])('finds a limit of %d within its precision, from below', async (limit) => {
    const { rate, settled } = await findBreakpoint(search, machine(limit).tryRate);
    expect(settled).toBe(true);
    expect(rate).toBeLessThanOrEqual(limit);
    expect(rate).toBeGreaterThan(limit * 0.94 - 1);
  });

  it('tries a rate that did not hold once more: one hiccup is not the limit', async () => {
    const { tried, tryRate } = machine(200, new Set([1]));
    const { rate } = await findBreakpoint(search, tryRate);
    expect(tried.slice(0, 3)).toEqual([50, 80, 80]);
    expect(rate).toBeGreaterThan(187);
  });

  it('says that it found none where not even the first step holds', async () => {
    expect(await findBreakpoint(search, machine(10).tryRate)).toMatchObject({
      rate: undefined,
      settled: false,
    });
  });

  it('ends at the highest rate it may try, and says that it did not come to its end', async () => {
    const { tried, tryRate } = machine(Number.POSITIVE_INFINITY);
    const { rate, settled } = await findBreakpoint(search, tryRate);
    expect(settled).toBe(false);
    expect(rate).toBe(Math.max(...tried));
    expect(rate).toBeLessThanOrEqual(5000);
  });
});
