/** The browser's spans as OTLP/JSON, the form that https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding gives them. */
import { BROWSER_SERVICE_NAME } from '../../shared/intake.ts';

export type AttributeValue = string | number | boolean;

/** A span that has ended. Times are milliseconds since the epoch, with fractions. */
export interface BrowserSpan {
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  kind: 'internal' | 'client';
  start: number;
  end: number;
  attributes: Record<string, AttributeValue>;
  events?: { name: string; time: number }[];
  /** Says why, where the operation failed. */
  error?: string;
}

const KINDS = { internal: 1, client: 3 } as const;
const STATUS_ERROR = 2;

/** Nanoseconds as a decimal string: a number of that size is not exact. */
function nanoseconds(milliseconds: number): string {
  return String(BigInt(Math.round(milliseconds * 1000)) * 1000n);
}

function attributes(values: Record<string, AttributeValue>) {
  return Object.entries(values).map(([key, value]) => {
    if (typeof value === 'string') return { key, value: { stringValue: value } };
    if (typeof value === 'boolean') return { key, value: { boolValue: value } };
    return Number.isInteger(value)
      ? { key, value: { intValue: String(value) } }
      : { key, value: { doubleValue: value } };
  });
}

/** An `ExportTraceServiceRequest`. */
export function encodeSpans(spans: readonly BrowserSpan[]) {
  return {
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': BROWSER_SERVICE_NAME }) },
        scopeSpans: [{ scope: { name: 'taskmanager-web/app' }, spans: spans.map(encodeSpan) }],
      },
    ],
  };
}

function encodeSpan(span: BrowserSpan) {
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    ...(span.parentSpanId ? { parentSpanId: span.parentSpanId } : {}),
    name: span.name,
    kind: KINDS[span.kind],
    startTimeUnixNano: nanoseconds(span.start),
    endTimeUnixNano: nanoseconds(span.end),
    attributes: attributes(span.attributes),
    ...(span.events
      ? { events: span.events.map(({ name, time }) => ({ name, timeUnixNano: nanoseconds(time) })) }
      : {}),
    ...(span.error === undefined ? {} : { status: { code: STATUS_ERROR, message: span.error } }),
  };
}
