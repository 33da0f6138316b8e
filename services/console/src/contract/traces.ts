import { z } from 'zod';
import { isoTime, timeParameter } from './time.ts';

/**
 * Only where the console keeps traces (else 404, and the links lead to the tool that shows them).
 *
 *     GET /api/traces                        traceSearchParameters → tracePageSchema, newest first
 *     GET /api/traces/:traceId                                     → traceSchema (32 hex digits)
 *     GET /api/services                      timeRangeParameters   → tracedServicesSchema
 *     GET /api/services/:service/operations  timeRangeParameters   → operationsSchema
 *     GET /api/service-graph                 timeRangeParameters   → serviceGraphSchema
 *
 * A trace is found when one of its spans meets every condition. `tag` may be given up to 10 times, as `key=value`
 * (attributes of the span or its resource; the first `=` divides).
 */
export const traceSearchParameters = z.object({
  service: z.string().max(200).optional(),
  operation: z.string().max(500).optional(),
  /** `true`: only spans with status ERROR. */
  error: z.enum(['true', 'false']).optional(),
  minDurationMs: z.string().optional(),
  maxDurationMs: z.string().optional(),
  tag: z.union([z.string(), z.array(z.string())]).optional(),
  from: timeParameter.optional(),
  to: timeParameter.optional(),
  /** 1 to 100, default 20. */
  limit: z.string().optional(),
  cursor: z.string().optional(),
});

export const traceSummarySchema = z.object({
  traceId: z.string(),
  /** Service and name of the span without a parent, else of the earliest span that is stored. */
  rootService: z.string(),
  rootOperation: z.string(),
  start: isoTime,
  durationMs: z.number(),
  spans: z.number(),
  errors: z.number(),
  services: z.array(z.object({ name: z.string(), spans: z.number(), errors: z.number() })),
});
export type TraceSummary = z.infer<typeof traceSummarySchema>;

export const tracePageSchema = z.object({
  items: z.array(traceSummarySchema),
  nextCursor: z.string().nullable(),
  complete: z.boolean(),
  from: isoTime,
  to: isoTime,
  tookMs: z.number(),
});
export type TracePage = z.infer<typeof tracePageSchema>;

export const SPAN_KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const attributes = z.record(z.string(), z.unknown());

export const spanSchema = z.object({
  spanId: z.string(),
  parentSpanId: z.string().nullable(),
  service: z.string(),
  instance: z.string().nullable(),
  name: z.string(),
  kind: z.enum(SPAN_KINDS),
  /** From the start of the trace. */
  offsetMs: z.number(),
  durationMs: z.number(),
  error: z.boolean(),
  statusMessage: z.string().nullable(),
  attributes,
  resource: attributes,
  scope: z.string().nullable(),
  events: z.array(z.object({ name: z.string(), offsetMs: z.number(), attributes })),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes })),
});
export type Span = z.infer<typeof spanSchema>;

export const traceSchema = z.object({
  traceId: z.string(),
  start: isoTime,
  durationMs: z.number(),
  services: z.array(z.string()),
  errors: z.number(),
  /** By start; a span whose parent is not stored stands at the top level, with its `parentSpanId`. */
  spans: z.array(spanSchema),
  /** Spans the store holds beyond those shown (a trace is cut at 5,000 spans). */
  omitted: z.number(),
  /** Traces that name this one in a span link (a job that was enqueued here). */
  linkedFrom: z.array(z.object({ traceId: z.string(), spanId: z.string() })),
});
export type Trace = z.infer<typeof traceSchema>;

export const tracedServicesSchema = z.object({
  items: z.array(z.object({ name: z.string(), spans: z.number(), errors: z.number() })),
});
export type TracedServices = z.infer<typeof tracedServicesSchema>;

export const operationsSchema = z.object({
  service: z.string(),
  items: z.array(
    z.object({ name: z.string(), kind: z.enum(SPAN_KINDS), spans: z.number(), errors: z.number() }),
  ),
});
export type Operations = z.infer<typeof operationsSchema>;

export const serviceGraphSchema = z.object({
  from: isoTime,
  to: isoTime,
  nodes: z.array(
    z.object({
      name: z.string(),
      /** `database`: named by a client span (db.system.name), it sends no spans itself. */
      type: z.enum(['service', 'database']),
      calls: z.number(),
      errors: z.number(),
    }),
  ),
  edges: z.array(
    z.object({
      caller: z.string(),
      callee: z.string(),
      /** `call`: parent and child; `queue`: a consumer span linked to its producer. */
      type: z.enum(['call', 'queue', 'database']),
      calls: z.number(),
      errors: z.number(),
      /** From a histogram with steps of 9 %: at most so far off. */
      p50Ms: z.number(),
      p95Ms: z.number(),
    }),
  ),
});
export type ServiceGraph = z.infer<typeof serviceGraphSchema>;
