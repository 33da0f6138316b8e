/** The one way `lab` polls: until a condition holds, with a deadline and an abort signal. */
import { setTimeout as pause } from 'node:timers/promises';
import { describeError } from './cli/failure.ts';

export interface WaitOptions {
  deadlineMs: number;
  everyMs?: number;
  signal?: AbortSignal;
}

/**
 * Repeats `observe` until it returns something truthy without throwing, and returns that.
 * An observation that only the deadline cut off has seen nothing: the one before it is the last.
 * @throws Error naming `what` with the last observation when the deadline passes; the abort reason when aborted.
 */
export async function until<T>(
  what: string,
  observe: (signal: AbortSignal) => T | Promise<T>,
  { deadlineMs, everyMs = 100, signal }: WaitOptions,
): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs;
  let last: unknown;
  let observed = false;
  for (;;) {
    signal?.throwIfAborted();
    const left = Math.max(1, Math.ceil(end - performance.now()));
    const bounded = AbortSignal.any([AbortSignal.timeout(left), ...(signal ? [signal] : [])]);
    try {
      const seen = await observe(bounded);
      if (seen) return seen;
      last = seen;
    } catch (error) {
      if (!bounded.aborted || !observed) last = error;
    }
    observed = true;
    if (performance.now() + everyMs >= end) break;
    // An abort ends the pause; the loop's first line then throws its reason.
    await pause(everyMs, undefined, { ...(signal ? { signal } : {}) }).catch(() => undefined);
  }
  const detail = last instanceof Error ? describeError(last) : JSON.stringify(last);
  throw new Error(`expected within ${deadlineMs / 1000} s: ${what}; last seen: ${detail}`, { cause: last });
}
