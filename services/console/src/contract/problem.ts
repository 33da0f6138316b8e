import { z } from 'zod';

/** RFC 9457. `position` is the offset (0-based, in characters) in the query at which its syntax went wrong. */
export const problemSchema = z.looseObject({
  type: z.string(),
  title: z.string(),
  status: z.number().int(),
  detail: z.string(),
  requestId: z.string().optional(),
  /** Name of the parameter or body field at fault. */
  parameter: z.string().optional(),
  position: z.number().int().optional(),
});
export type Problem = z.infer<typeof problemSchema>;

export const REQUESTED_WITH_HEADER = 'x-requested-with';
export const REQUESTED_WITH_VALUE = 'lab-console';

/** Something another program knows: its answer, or why there is none. Unknown is never shown as empty or zero. */
export function known<T extends z.ZodType>(value: T) {
  return z.discriminatedUnion('status', [
    z.object({ status: z.literal('known'), value }),
    z.object({ status: z.literal('unknown'), reason: z.string() }),
  ]);
}
export type Known<T> = { status: 'known'; value: T } | { status: 'unknown'; reason: string };
