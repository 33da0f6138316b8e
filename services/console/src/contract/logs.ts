import { z } from 'zod';
import { isoTime, timeParameter } from './time.ts';

/**
 * Only where the console keeps logs (else these answer 404, and the links lead to the tool that shows them).
 *
 *     GET /api/logs              logSearchParameters     → logPageSchema, newest first
 *     GET /api/logs/histogram    logHistogramParameters  → logHistogramSchema
 *     GET /api/logs/facets       logFacetParameters      → logFacetsSchema
 *     GET /api/logs/tail         logTailParameters       → text/event-stream: events `record` (logRecordSchema),
 *                                                          `dropped` ({count}: more came than the stream carries), comments as heartbeat
 *     GET /api/logs/:id                                  → logDetailSchema, 404 when unknown or evicted
 */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug', 'unknown'] as const;

export const logFilterParameters = z.object({
  q: z.string().max(2000).optional(),
  /** One level, or several separated by commas. */
  level: z.string().max(100).optional(),
  /** One service, or several separated by commas. */
  service: z.string().max(500).optional(),
  from: timeParameter.optional(),
  to: timeParameter.optional(),
});
export const logSearchParameters = logFilterParameters.extend({
  /** 1 to 500, default 100. */
  limit: z.string().optional(),
  /** `nextCursor` of the page before. */
  cursor: z.string().optional(),
});
export const logHistogramParameters = logFilterParameters.extend({
  /** How many bars at most, 10 to 400, default 60. The step is a round number of seconds, minutes or hours. */
  bars: z.string().optional(),
  /** What each bar is split by: `level` (default) or `service`. */
  by: z.enum(['level', 'service']).optional(),
});
/** `bars` as in the histogram beside them: both then count the same seconds or minutes. */
export const logFacetParameters = logHistogramParameters.omit({ by: true });
export const logTailParameters = logFilterParameters.omit({ from: true, to: true });

export const logRecordSchema = z.object({
  id: z.string(),
  time: isoTime,
  level: z.enum(LOG_LEVELS),
  service: z.string(),
  message: z.string(),
  traceId: z.string().nullable(),
  spanId: z.string().nullable(),
  requestId: z.string().nullable(),
  /** Every field of the record, flat dotted names. */
  fields: z.record(z.string(), z.unknown()),
  /** Why the line is not a whole record of ours, else null: it is kept, but could not be read in full. */
  defect: z
    .enum(['not-json', 'not-an-object', 'too-long', 'bad-timestamp', 'no-timestamp', 'unterminated'])
    .nullable(),
});
export type LogRecord = z.infer<typeof logRecordSchema>;

export const logDetailSchema = logRecordSchema.extend({
  /** The file the line was read from and the line itself as stored. */
  file: z.string().nullable(),
  raw: z.string(),
});
export type LogDetail = z.infer<typeof logDetailSchema>;

export const logPageSchema = z.object({
  items: z.array(logRecordSchema),
  nextCursor: z.string().nullable(),
  /** False when the search ran out of its time before the end of the range; `nextCursor` goes on from there. */
  complete: z.boolean(),
  from: isoTime,
  to: isoTime,
  tookMs: z.number(),
});
export type LogPage = z.infer<typeof logPageSchema>;

export const logHistogramSchema = z.object({
  from: isoTime,
  to: isoTime,
  stepSeconds: z.number(),
  by: z.enum(['level', 'service']),
  /** The keys that occur, in drawing order (levels: error first). */
  keys: z.array(z.string()),
  /** Every bar of the range, empty ones too, oldest first. `counts` follows `keys`. */
  bars: z.array(z.object({ start: isoTime, total: z.number(), counts: z.array(z.number()) })),
  total: z.number(),
  /** False when counting ran out of its time: bars before `countedFrom` are not known, not zero. */
  complete: z.boolean(),
  countedFrom: isoTime,
  tookMs: z.number(),
});
export type LogHistogram = z.infer<typeof logHistogramSchema>;

const facet = z.array(z.object({ value: z.string(), count: z.number() }));
/** Of the search's records; a level that is chosen narrows the services, and the other way round. */
export const logFacetsSchema = z.object({
  from: isoTime,
  to: isoTime,
  levels: facet,
  services: facet,
  /** False when counting ran out of its time: there are at least so many. */
  complete: z.boolean(),
});
export type LogFacets = z.infer<typeof logFacetsSchema>;
