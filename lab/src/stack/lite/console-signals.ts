/** Reads logs and traces of one request back from the console, which keeps them in lite. */
import { z } from 'zod';
import type { LogRecord, TraceRecord } from '../stack.ts';

const logPage = z.object({
  items: z.array(
    z.object({ service: z.string(), message: z.string(), fields: z.record(z.string(), z.unknown()) }),
  ),
});

const tracePage = z.object({
  items: z.array(
    z.object({ traceId: z.string(), spans: z.number(), services: z.array(z.object({ name: z.string() })) }),
  ),
});

export async function logsOfRequest(
  consoleUrl: string,
  requestId: string,
  signal: AbortSignal,
): Promise<LogRecord[]> {
  const query = new URLSearchParams({ q: `http.request.id:"${requestId}"` });
  const { items } = logPage.parse(await getJson(`${consoleUrl}/api/logs?${query}`, signal));
  return items;
}

export async function tracesOfRequest(
  consoleUrl: string,
  requestId: string,
  signal: AbortSignal,
): Promise<TraceRecord[]> {
  const query = new URLSearchParams({ tag: `http.request.id=${requestId}` });
  const { items } = tracePage.parse(await getJson(`${consoleUrl}/api/traces?${query}`, signal));
  return items.map(({ traceId, spans, services }) => ({
    traceId,
    spans,
    services: services.map(({ name }) => name),
  }));
}

async function getJson(url: string, signal: AbortSignal): Promise<unknown> {
  const response = await fetch(url, { signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]) });
  if (!response.ok)
    throw new Error(`${url} answered ${response.status}: ${(await response.text()).slice(0, 200)}`);
  return response.json();
}
