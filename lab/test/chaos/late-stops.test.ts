import { describe, expect, test } from 'vitest';
import { startBehindLateStops, stillUp } from '../../src/chaos/guardian/late-stops.ts';
import type { PartReport } from '../../src/stack/stack.ts';

/** A stack whose parts go down at the given look. */
function stackOf(goesDownAt: Readonly<Record<string, number>>) {
  let looks = 0;
  const started: string[] = [];
  const report = (name: string, state: PartReport['state']): PartReport => ({
    name,
    state,
    since: undefined,
    restarts: 0,
    memoryBytes: undefined,
    url: undefined,
    detail: undefined,
  });
  return {
    started,
    looks: () => looks,
    status: async () => {
      looks += 1;
      return Object.entries(goesDownAt).map(([name, look]) =>
        report(name, looks >= look && !started.includes(name) ? 'stopped' : 'ready'),
      );
    },
    act: async (name: string, action: string) => {
      expect(action).toBe('start');
      started.push(name);
    },
  };
}

describe('a stop under way', () => {
  test('takes its part down after it was told to start: it is started again, once', async () => {
    const stack = stackOf({ api: 3, web: 2 });
    expect(await startBehindLateStops(stack, new Set(['api']), { forMs: 10_000, everyMs: 1 })).toEqual([
      'api',
    ]);
    expect(stack.started).toEqual(['api']);
    expect(stack.looks()).toBe(3);
  });

  test('that never was is waited for no longer than a stop takes', async () => {
    const stack = stackOf({ api: Number.POSITIVE_INFINITY });
    expect(await startBehindLateStops(stack, new Set(['api']), { forMs: 20, everyMs: 1 })).toEqual([]);
    expect(stack.looks()).toBeGreaterThan(0);
  });

  test('is looked for only where a part is still up', async () => {
    expect(await stillUp(stackOf({ api: 1, web: 9, worker: 9 }), ['api', 'web'])).toEqual(new Set(['web']));
    const stack = stackOf({ api: 1 });
    expect(await startBehindLateStops(stack, new Set(), { forMs: 10_000 })).toEqual([]);
    expect(stack.looks()).toBe(0);
  });
});
