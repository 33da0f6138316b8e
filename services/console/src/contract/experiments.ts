import { z } from 'zod';
import { isoTime } from './time.ts';

/**
 * `lab` reports its chaos experiments here (bearer LAB_TOKEN), people read them.
 *
 *     POST /api/experiments            experimentStartSchema → 201 experimentSchema (200 when already known and equal, 409 when not)
 *     POST /api/experiments/:id/end    experimentEndSchema   → 200 experimentSchema (again with the same body: 200; other: 409)
 *     GET  /api/experiments            experimentParameters  → experimentPageSchema, newest first (without `result`)
 *     GET  /api/experiments/:id                              → experimentSchema
 */
export const experimentId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/, 'expected 1 to 128 of A-Z, a-z, 0-9, . _ -');
export const experimentName = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'expected 1 to 64 of a-z, 0-9 and -');

/** What the lab calls the way it runs, such as `lite`. It is shown, and means nothing else. */
export const modeSchema = z.string().regex(/^[a-z]{1,20}$/, 'expected a short name such as lite');

export const experimentStartSchema = z.strictObject({
  id: experimentId,
  name: experimentName,
  title: z.string().min(1).max(200),
  startedAt: isoTime,
  mode: modeSchema,
  /** Time scale: 10 means that rules ran with a tenth of their production durations. */
  speed: z.number().min(1).max(100),
});
export type ExperimentStart = z.infer<typeof experimentStartSchema>;

export const VERDICTS = ['kept', 'broken', 'inconclusive', 'interrupted'] as const;
const seconds = z.number().min(0).nullable();

/** What an experiment proved. Every member is optional and further ones are kept: an early end has little to say. */
export const experimentResultSchema = z.looseObject({
  hypothesis: z.string().max(4000).optional(),
  method: z.array(z.string().max(1000)).max(100).optional(),
  rollbacks: z.array(z.string().max(1000)).max(100).optional(),
  /** From the method in force to the rollback done. */
  rollbackAfterSeconds: seconds.optional(),
  alerts: z
    .array(
      z.looseObject({
        name: z.string().max(200),
        expected: z.enum(['fire', 'may-fire', 'silent']),
        // These three from the method in force, the next from the rollback done.
        pendingAfterSeconds: seconds.optional(),
        firedAfterSeconds: seconds.optional(),
        inboxAfterSeconds: seconds.optional(),
        resolvedAfterSeconds: seconds.optional(),
        limitSeconds: seconds.optional(),
        theoreticalMinimumSeconds: seconds.optional(),
        kept: z.boolean(),
      }),
    )
    .max(200)
    .optional(),
  promises: z
    .array(
      z.looseObject({
        text: z.string().max(1000),
        kept: z.boolean(),
        expected: z.string().max(1000).optional(),
        observed: z.string().max(1000).optional(),
      }),
    )
    .max(500)
    .optional(),
  timeline: z
    .array(z.looseObject({ at: isoTime, kind: z.string().max(50), text: z.string().max(1000) }))
    .max(5000)
    .optional(),
});
export type ExperimentResult = z.infer<typeof experimentResultSchema>;

export const experimentEndSchema = z.strictObject({
  endedAt: isoTime,
  verdict: z.enum(VERDICTS),
  result: experimentResultSchema.default({}),
});
export type ExperimentEnd = z.infer<typeof experimentEndSchema>;

export const experimentSummarySchema = experimentStartSchema.extend({
  /** `abandoned`: its end never came (started more than six hours ago). */
  state: z.enum(['running', 'ended', 'abandoned']),
  endedAt: isoTime.nullable(),
  verdict: z.enum(VERDICTS).nullable(),
  promises: z.object({ kept: z.number(), broken: z.number() }),
});
export type ExperimentSummary = z.infer<typeof experimentSummarySchema>;

export const experimentSchema = experimentSummarySchema.extend({ result: experimentResultSchema.nullable() });
export type Experiment = z.infer<typeof experimentSchema>;

export const experimentParameters = z.object({
  name: experimentName.optional(),
  state: z.enum(['running', 'ended', 'abandoned']).optional(),
  /** 1 to 200, default 50. */
  limit: z.string().optional(),
  cursor: z.string().optional(),
});
export const experimentPageSchema = z.object({
  items: z.array(experimentSummarySchema),
  nextCursor: z.string().nullable(),
});
export type ExperimentPage = z.infer<typeof experimentPageSchema>;
