import { z } from 'zod';

/** A moment in an answer: ISO 8601 in UTC. */
export const isoTime = z.iso.datetime({ offset: true });

/**
 * A moment in a request (`from`, `to`): ISO 8601, milliseconds since the epoch, `now`, or `now-15m` (s, m, h, d, w).
 * The server refuses anything else with 400. Both default to the last hour.
 */
export const timeParameter = z.string().max(40);

export const timeRangeParameters = z.object({
  from: timeParameter.optional(),
  to: timeParameter.optional(),
});
