import { once } from 'node:events';
import { expect, test } from 'vitest';
import { until } from '../src/wait.ts';

/** Answers nothing until it is cut off. */
async function silence(signal: AbortSignal): Promise<never> {
  await once(signal, 'abort');
  throw signal.reason;
}

test('the deadline cuts off an observation that hangs, and tells what the one before it saw', async () => {
  let asked = 0;
  const observe = (signal: AbortSignal) => {
    if (asked++ > 0) return silence(signal);
    throw new Error('the pump is still off');
  };
  const waiting = until('the pump to run', observe, { deadlineMs: 300, everyMs: 1 });
  await expect(waiting).rejects.toThrow(
    'expected within 0.3 s: the pump to run; last seen: the pump is still off',
  );
});

test('where the first observation hangs already, the deadline itself is what was last seen', async () => {
  await expect(until('the pump to run', silence, { deadlineMs: 30, everyMs: 1 })).rejects.toThrow(
    'aborted due to timeout',
  );
});

test('an abort ends the wait with its own reason', async () => {
  const ending = new AbortController();
  const waiting = until('the pump to run', () => ending.abort(new Error('interrupted')), {
    deadlineMs: 60_000,
    signal: ending.signal,
  });
  await expect(waiting).rejects.toThrow('interrupted');
});
