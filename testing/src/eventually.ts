import { setTimeout as pause } from 'node:timers/promises';

/**
 * Repeats `observe` until it returns something truthy without throwing, and returns that.
 * @param deadlineMs generous on purpose: a condition that holds ends the wait at once.
 * @throws Error naming `what`, with the last observation or error, when the deadline passes.
 */
export async function eventually<T>(
  what: string,
  observe: () => T | Promise<T>,
  { deadlineMs = 20_000, everyMs = 25 }: { deadlineMs?: number; everyMs?: number } = {},
): Promise<NonNullable<T>> {
  const end = performance.now() + deadlineMs;
  let last: unknown;
  do {
    try {
      const seen = await observe();
      if (seen) return seen;
      last = seen;
    } catch (error) {
      last = error;
    }
    await pause(everyMs);
  } while (performance.now() < end);
  const detail = last instanceof Error ? last.message : JSON.stringify(last);
  throw new Error(`expected within ${deadlineMs} ms: ${what}; last seen: ${detail}`, { cause: last });
}
