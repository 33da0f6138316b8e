/** Spans as the browser sends them (OTLP/JSON), cut down to what a lean tracer makes; links, states and flags go. */
import { z } from 'zod';
import { MAX_SPANS } from '../../shared/intake.ts';

const MAX_TEXT = 500;
const MAX_ATTRIBUTES = 32;
const MAX_EVENTS = 20;
const MAX_GROUPS = 5;
const SECOND = 1_000_000_000n;
/** Clocks of browsers are wrong at times; beyond this a span would only be found by accident. */
const OLDEST = 3600n * SECOND;
const NEWEST = 600n * SECOND;
const LONGEST = 600n * SECOND;

const id = (digits: number) =>
  z
    .string()
    .regex(new RegExp(`^(?!0+$)[0-9a-fA-F]{${digits}}$`))
    .toLowerCase();
const nanoseconds = z.union([z.string().regex(/^\d{1,19}$/), z.int().nonnegative().transform(String)]);
const short = z.string().transform((value) => value.slice(0, MAX_TEXT));

const attribute = z.object({
  key: z.string().regex(/^[A-Za-z][\w.-]{0,99}$/),
  value: z.union([
    z.strictObject({ stringValue: short }),
    z.strictObject({ boolValue: z.boolean() }),
    z.strictObject({ intValue: z.union([z.string().regex(/^-?\d{1,18}$/), z.int().transform(String)]) }),
    z.strictObject({ doubleValue: z.number() }),
  ]),
});
const attributes = z.array(attribute).max(MAX_ATTRIBUTES).default([]);

const event = z.object({ name: z.string().min(1).max(100), timeUnixNano: nanoseconds, attributes });

const span = z.object({
  traceId: id(32),
  spanId: id(16),
  parentSpanId: z.union([id(16), z.literal('')]).optional(),
  name: z.string().min(1).max(200),
  kind: z.int().min(0).max(5).default(1),
  startTimeUnixNano: nanoseconds,
  endTimeUnixNano: nanoseconds,
  attributes,
  events: z.array(event).max(MAX_EVENTS).default([]),
  status: z.object({ code: z.int().min(0).max(2).optional(), message: short.optional() }).optional(),
});

/** A span that may be passed on. */
export type IntakeSpan = z.output<typeof span>;

const request = z.object({
  resourceSpans: z
    .array(
      z.object({ scopeSpans: z.array(z.object({ spans: z.array(span).max(MAX_SPANS) })).max(MAX_GROUPS) }),
    )
    .max(MAX_GROUPS),
});

/** The spans of an `ExportTraceServiceRequest`; undefined where it, or any span of it, is not acceptable. */
export function readSpans(body: unknown, nowMilliseconds: number): IntakeSpan[] | undefined {
  const result = request.safeParse(body);
  if (!result.success) return undefined;
  const spans = result.data.resourceSpans.flatMap(({ scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) => spans),
  );
  const now = BigInt(Math.round(nowMilliseconds)) * 1_000_000n;
  const acceptable =
    spans.length > 0 && spans.length <= MAX_SPANS && spans.every((each) => isPlausible(each, now));
  return acceptable ? spans : undefined;
}

function isPlausible({ startTimeUnixNano, endTimeUnixNano }: IntakeSpan, now: bigint): boolean {
  const start = BigInt(startTimeUnixNano);
  const end = BigInt(endTimeUnixNano);
  return start >= now - OLDEST && end <= now + NEWEST && end >= start && end - start <= LONGEST;
}
