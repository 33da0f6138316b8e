import { eventually } from './eventually.ts';

/** Half a dozen processes that start at once on a busy machine take their time, ms. */
const DEADLINE_MS = 90_000;

/** `eventually` for tests that run several programs; their file needs a longer test timeout, too. */
export function patiently<T>(what: string, observe: () => T | Promise<T>): Promise<NonNullable<T>> {
  return eventually(what, observe, { deadlineMs: DEADLINE_MS });
}
