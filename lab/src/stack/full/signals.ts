/** Reads logs and traces of one request back from where full mode keeps them: Elasticsearch and Jaeger. */
import { z } from 'zod';
import type { LogRecord, TraceRecord } from '../stack.ts';

const hits = z.object({
  hits: z.object({ hits: z.array(z.object({ _source: z.record(z.string(), z.unknown()) })) }),
});

const traces = z.object({
  data: z.array(
    z.object({
      traceID: z.string(),
      spans: z.array(z.object({ processID: z.string() })),
      processes: z.record(z.string(), z.object({ serviceName: z.string() })),
    }),
  ),
});

/** Index pattern of the log lines (elasticsearch/index-template.json). */
const LOGS = 'logs-taskmanager-default*';

export async function logsOfRequest(
  elasticsearch: string,
  requestId: string,
  signal: AbortSignal,
): Promise<LogRecord[]> {
  const url = `${elasticsearch}/${LOGS}/_search?ignore_unavailable=true&allow_no_indices=true`;
  const body = JSON.stringify({ size: 100, query: { term: { 'http.request.id': requestId } } });
  const found = hits.parse(await getJson(url, signal, { method: 'POST', body }));
  return found.hits.hits.map(({ _source: fields }) => ({
    service: text(fields['service.name']),
    message: text(fields['message']),
    fields,
  }));
}

/** The server spans carry the request's id as an attribute; Jaeger searches one service at a time. */
export async function tracesOfRequest(
  jaeger: string,
  requestId: string,
  signal: AbortSignal,
): Promise<TraceRecord[]> {
  const query = new URLSearchParams({
    service: 'taskmanager-web',
    tags: JSON.stringify({ 'http.request.id': requestId }),
    lookback: '1h',
    limit: '20',
  });
  const { data } = traces.parse(await getJson(`${jaeger}/api/traces?${query}`, signal));
  return data.map(({ traceID, spans, processes }) => ({
    traceId: traceID,
    spans: spans.length,
    services: spans.map(({ processID }) => processes[processID]?.serviceName ?? 'unknown'),
  }));
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

async function getJson(url: string, signal: AbortSignal, init: { method?: string; body?: string } = {}) {
  const response = await fetch(url, {
    ...init,
    headers: { 'content-type': 'application/json' },
    signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),
  });
  if (!response.ok)
    throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  return (await response.json()) as unknown;
}
