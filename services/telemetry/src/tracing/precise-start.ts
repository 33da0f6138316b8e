/**
 * The SDK takes the start of a span from `Date.now()` and its length from a finer clock. Rounded down to the millisecond, a
 * child seems to end after its parent, and two statements in a row to start at once. Here the start gets its fraction.
 */
import type { Span } from '@opentelemetry/sdk-trace';

const NANOSECONDS = 1e6;

/** Where the fine clock's zero lies on the wall clock; kept to the millisecond that `Date.now()` says, should that be set. */
let zero = performance.timeOrigin;

/** The wall clock with fractions of a millisecond. */
export function preciseNow(wall = Date.now(), ticks = performance.now()): number {
  const at = zero + ticks;
  if (at < wall) zero = wall - ticks;
  else if (at >= wall + 1) zero = wall + 0.999 - ticks;
  return zero + ticks;
}

/** For a span that starts now: one with a start of its own, given to the nanosecond or lying back, stays as it is. */
export function startPrecisely({ startTime }: Pick<Span, 'startTime'>, now = preciseNow()): void {
  const [seconds, nanoseconds] = startTime;
  if (nanoseconds % NANOSECONDS !== 0) return;
  const since = now - (seconds * 1000 + nanoseconds / NANOSECONDS);
  if (since < 0 || since >= 2) return;
  startTime[0] = Math.trunc(now / 1000);
  startTime[1] = Math.round((now % 1000) * NANOSECONDS);
}
