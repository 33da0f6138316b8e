import { z } from 'zod';
import { isoTime } from './time.ts';

/**
 * `lab` reports its chaos experiments here (bearer LAB_TOKEN), people read them. `lab` imports this file: it is the only place that says
 * what an experiment's result is.
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

export const verdictSchema = z
  .enum(['kept', 'broken', 'inconclusive', 'interrupted'])
  .describe('inconclusive: there was no steady state to begin from');
export type Verdict = z.infer<typeof verdictSchema>;

const seconds = z.number().min(0).nullable();

/** What became of an alert in an experiment; null where a time did not come, or was not promised. */
export const judgedAlertSchema = z.strictObject({
  name: z.string().max(200),
  expected: z
    .enum(['fire', 'may-fire', 'silent'])
    .describe('fire: promised; may-fire: an explained side effect that came; silent: a false alarm'),
  pendingAfterSeconds: seconds.describe('from the method in force to the first pending state'),
  firedAfterSeconds: seconds.describe('from the method in force to firing'),
  inboxAfterSeconds: seconds.describe('from the method in force to the message in the inbox'),
  resolvedAfterSeconds: seconds.describe('from the rollback done to the end of the alert'),
  resolvedMessageAfterSeconds: seconds.describe('from the rollback done to the resolved message'),
  limitSeconds: seconds.describe('promised time to fire, at this time scale'),
  theoreticalMinimumSeconds: seconds.describe(
    'window × threshold ÷ injected ratio, one scrape, one evaluation, and `for`',
  ),
  theoreticalInboxSeconds: seconds.describe('the same and the group wait'),
  kept: z.boolean(),
});
export type JudgedAlert = z.infer<typeof judgedAlertSchema>;

export const judgedPromiseSchema = z.strictObject({
  text: z.string().max(1000),
  kept: z.boolean(),
  expected: z.string().max(1000),
  observed: z.string().max(1000),
});
export type JudgedPromise = z.infer<typeof judgedPromiseSchema>;

export const timelineEventSchema = z.strictObject({
  at: isoTime,
  kind: z.enum(['method', 'alert', 'inbox', 'rollback', 'healed', 'end']),
  text: z.string().max(1000),
});

export type TimelineEvent = z.infer<typeof timelineEventSchema>;

export const impactSchema = z
  .strictObject({ requests: z.int(), failed: z.int(), p95Seconds: z.number() })
  .describe('what the background load got from the method until it had healed');
/** Requests of the background load, those of them without a good answer, and the 95th percentile of all answers. */
export type Impact = z.infer<typeof impactSchema>;

/**
 * What an experiment proved, as the console takes it. Older and newer versions of `lab` may say less or more than the schemas above:
 * almost every member is optional, and further ones are kept.
 */
export const experimentResultSchema = z.looseObject({
  hypothesis: z.string().max(4000).optional(),
  method: z.array(z.string().max(1000)).max(100).optional(),
  rollbacks: z.array(z.string().max(1000)).max(100).optional(),
  /** From the method in force to the rollback done. */
  rollbackAfterSeconds: seconds.optional(),
  alerts: z
    .array(judgedAlertSchema.partial().required({ name: true, expected: true, kept: true }).loose())
    .max(200)
    .optional(),
  promises: z
    .array(judgedPromiseSchema.partial().required({ text: true, kept: true }).loose())
    .max(500)
    .optional(),
  timeline: z
    .array(timelineEventSchema.extend({ kind: z.string().max(50) }).loose())
    .max(5000)
    .optional(),
});
export type ExperimentResult = z.infer<typeof experimentResultSchema>;

export const experimentEndSchema = z.strictObject({
  endedAt: isoTime,
  verdict: verdictSchema,
  result: experimentResultSchema.default({}),
});
export type ExperimentEnd = z.infer<typeof experimentEndSchema>;

export const experimentSummarySchema = experimentStartSchema.extend({
  /** `abandoned`: its end never came (started more than six hours ago). */
  state: z.enum(['running', 'ended', 'abandoned']),
  endedAt: isoTime.nullable(),
  verdict: verdictSchema.nullable(),
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
