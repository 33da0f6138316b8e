/** W3C Trace Context in the browser: ids, the `traceparent` header, and what the server put into the page. */
import { TRACE_META } from '../../shared/intake.ts';

export interface SpanContext {
  /** 32 hex digits. */
  traceId: string;
  /** 16 hex digits. */
  spanId: string;
  sampled: boolean;
}

const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

export function parseTraceparent(text: string): SpanContext | undefined {
  const [, traceId, spanId, flags] = TRACEPARENT.exec(text) ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return undefined;
  return { traceId, spanId, sampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function formatTraceparent({ traceId, spanId, sampled }: SpanContext): string {
  return `00-${traceId}-${spanId}-${sampled ? '01' : '00'}`;
}

/** Random lower-case hex; `crypto.getRandomValues` also works on pages that are no secure context, unlike `randomUUID`. */
export function randomHex(bytes: number): string {
  const values = crypto.getRandomValues(new Uint8Array(bytes));
  return Array.from(values, (value) => value.toString(16).padStart(2, '0')).join('');
}

export interface PageTracing {
  /** The server's span that answered with this page. */
  parent?: SpanContext;
  /** Share of the traces begun in the browser that are recorded, 0 to 1. */
  sampleRatio: number;
}

/** @param meta reads the content of the `<meta>` of that name; without them (a development server) nothing is recorded. */
export function readPageTracing(meta: (name: string) => string | undefined): PageTracing {
  const ratio = Number(meta(TRACE_META.sampleRatio) ?? 0);
  const sampleRatio = ratio >= 0 && ratio <= 1 ? ratio : 0;
  const parent = parseTraceparent(meta(TRACE_META.parent) ?? '');
  return parent ? { parent, sampleRatio } : { sampleRatio };
}
