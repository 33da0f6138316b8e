import type { OtlpAttributes } from '@lab/telemetry/otlp';
import { SPAN_KINDS, type Span, type Trace, type TraceSummary } from '../../contract/traces.ts';
import { numberOf, textFrom } from '../sqlite/transaction.ts';
import type { SpanDetail } from './stored-span.ts';

export interface Names {
  services: Map<number, string>;
  operations: Map<number, string>;
}

export const SUMMARY_COLUMNS = 'span_id, parent_id, service, operation, kind, error, start_us, duration_ns';

export function spanRow(row: Record<string, unknown>) {
  return {
    spanId: textFrom(row['span_id']),
    parentId: row['parent_id'] === null ? null : textFrom(row['parent_id']),
    service: numberOf(row['service']),
    operation: numberOf(row['operation']),
    kind: numberOf(row['kind']),
    error: row['error'] === 1,
    startUs: numberOf(row['start_us']),
    durationNs: numberOf(row['duration_ns']),
    /** Only where asked for, as is what follows. */
    resource: row['resource'] === undefined ? undefined : numberOf(row['resource']),
    detail: row['detail'] === undefined ? '{}' : textFrom(row['detail']),
  };
}

export type SpanRow = ReturnType<typeof spanRow>;

/** One line about a trace. `spans` are oldest first and at least one. */
export function summaryOf(traceId: string, spans: SpanRow[], names: Names): TraceSummary {
  const root = spans.find(({ parentId }) => parentId === null) ?? spans[0];
  const services = new Map<number, { name: string; spans: number; errors: number }>();
  for (const { service, error } of spans) {
    const entry = services.get(service) ?? {
      name: names.services.get(service) ?? '(unknown)',
      spans: 0,
      errors: 0,
    };
    entry.spans++;
    if (error) entry.errors++;
    services.set(service, entry);
  }
  const { startUs, durationMs } = extent(spans);
  return {
    traceId,
    rootService: names.services.get(root?.service ?? -1) ?? '(unknown)',
    rootOperation: names.operations.get(root?.operation ?? -1) ?? '(unknown)',
    start: new Date(startUs / 1000).toISOString(),
    durationMs,
    spans: spans.length,
    errors: spans.filter(({ error }) => error).length,
    services: [...services.values()],
  };
}

export function traceOf(
  traceId: string,
  spans: SpanRow[],
  context: { names: Names; resources: Map<number, string>; omitted: number; linkedFrom: Trace['linkedFrom'] },
): Trace {
  const { startUs, durationMs } = extent(spans);
  const resources = new Map<number, OtlpAttributes>();
  for (const [id, json] of context.resources) resources.set(id, json.startsWith('{') ? JSON.parse(json) : {});
  return {
    traceId,
    start: new Date(startUs / 1000).toISOString(),
    durationMs,
    services: [...new Set(spans.map(({ service }) => context.names.services.get(service) ?? '(unknown)'))],
    errors: spans.filter(({ error }) => error).length,
    spans: spans.map((span) =>
      spanOf(span, startUs, context.names, resources.get(span.resource ?? -1) ?? {}),
    ),
    omitted: context.omitted,
    linkedFrom: context.linkedFrom,
  };
}

function spanOf(row: SpanRow, traceStartUs: number, names: Names, resource: OtlpAttributes): Span {
  const detail: SpanDetail = JSON.parse(row.detail);
  const instance = resource['service.instance.id'];
  const offsetMs = (row.startUs - traceStartUs) / 1000;
  return {
    spanId: row.spanId,
    parentSpanId: row.parentId,
    service: names.services.get(row.service) ?? '(unknown)',
    instance: typeof instance === 'string' ? instance : null,
    name: detail.n ?? names.operations.get(row.operation) ?? '(unknown)',
    kind: SPAN_KINDS[row.kind] ?? 'unspecified',
    offsetMs,
    durationMs: row.durationNs / 1e6,
    error: row.error,
    statusMessage: detail.m ?? null,
    attributes: detail.a ?? {},
    resource,
    scope: detail.s ?? null,
    events: (detail.e ?? []).map(({ n, t, a }) => ({
      name: n,
      offsetMs: offsetMs + t / 1e6,
      attributes: a ?? {},
    })),
    links: (detail.l ?? []).map(({ t, s, a }) => ({ traceId: t, spanId: s, attributes: a ?? {} })),
  };
}

/** From the first start to the last end. */
function extent(spans: SpanRow[]): { startUs: number; durationMs: number } {
  const startUs = spans.reduce((first, span) => Math.min(first, span.startUs), Number.POSITIVE_INFINITY);
  const endUs = spans.reduce((last, span) => Math.max(last, span.startUs + span.durationNs / 1000), 0);
  return { startUs, durationMs: (endUs - startUs) / 1000 };
}
