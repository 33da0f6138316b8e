import type { OtlpAttributes, OtlpSpan } from '@lab/telemetry/otlp';
import { SPAN_KINDS } from '../../contract/traces.ts';

/** The part of a span that is only shown, never searched: stored as JSON under short names. Times in ns from the span's start. */
export interface SpanDetail {
  /** attributes */
  a?: OtlpAttributes;
  /** events */
  e?: { n: string; t: number; a?: OtlpAttributes }[];
  /** links */
  l?: { t: string; s: string; a?: OtlpAttributes }[];
  /** status message */
  m?: string;
  /** scope name and version */
  s?: string;
  /** name of the span, where the table of operations was full */
  n?: string;
}

/** What arrives from another thread: a span with its times as numbers. */
export interface IncomingSpan {
  traceId: string;
  spanId: string;
  parentId: string | null;
  name: string;
  /** Position in SPAN_KINDS. */
  kind: number;
  error: boolean;
  startUs: number;
  durationNs: number;
  serviceName: string;
  resource: OtlpAttributes;
  attributes: OtlpAttributes;
  links: { traceId: string; spanId: string }[];
  detail: SpanDetail;
}

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/;
const MAX_NAME = 500;
const MAX_EVENTS = 128;
const MAX_LINKS = 128;
/** 2020 and 2089, as the row ids reach; beyond, a clock is broken. */
const EARLIEST_US = Date.UTC(2020, 0, 1) * 1000;
const LATEST_AHEAD_US = 24 * 3600 * 1e6;

/** Why a span cannot be stored, or the span in our form. */
export function incomingSpan(span: OtlpSpan, nowMs: number): IncomingSpan | string {
  if (!TRACE_ID.test(span.traceId)) return 'trace id is not 16 bytes, or all zero';
  if (!SPAN_ID.test(span.spanId)) return 'span id is not 8 bytes, or all zero';
  const startUs = Number(span.startTimeUnixNano / 1000n);
  if (startUs < EARLIEST_US || startUs > nowMs * 1000 + LATEST_AHEAD_US)
    return 'start time is before 2020 or in the future';
  const durationNs = Number(span.endTimeUnixNano - span.startTimeUnixNano);
  if (durationNs < 0) return 'end time is before start time';
  if (durationNs > Number.MAX_SAFE_INTEGER) return 'end time is years after start time';
  const detail: SpanDetail = {};
  if (!isEmpty(span.attributes)) detail.a = span.attributes;
  if (span.events.length > 0) {
    detail.e = span.events.slice(0, MAX_EVENTS).map((event) => ({
      n: event.name,
      t: Number(event.timeUnixNano - span.startTimeUnixNano),
      ...(isEmpty(event.attributes) ? {} : { a: event.attributes }),
    }));
  }
  const links = span.links
    .filter((link) => TRACE_ID.test(link.traceId) && SPAN_ID.test(link.spanId))
    .slice(0, MAX_LINKS);
  if (links.length > 0) {
    detail.l = links.map((link) => ({
      t: link.traceId,
      s: link.spanId,
      ...(isEmpty(link.attributes) ? {} : { a: link.attributes }),
    }));
  }
  if (span.status.message !== '') detail.m = span.status.message;
  if (span.scope.name !== '') detail.s = `${span.scope.name} ${span.scope.version}`.trim();
  return {
    traceId: span.traceId,
    spanId: span.spanId,
    parentId: span.parentSpanId !== undefined && SPAN_ID.test(span.parentSpanId) ? span.parentSpanId : null,
    name: span.name.slice(0, MAX_NAME),
    kind: SPAN_KINDS.indexOf(span.kind),
    error: span.status.code === 'error',
    startUs,
    durationNs,
    serviceName: span.serviceName.slice(0, 200),
    resource: span.resource,
    attributes: span.attributes,
    links,
    detail,
  };
}

function isEmpty(attributes: OtlpAttributes): boolean {
  for (const _ in attributes) return false;
  return true;
}
