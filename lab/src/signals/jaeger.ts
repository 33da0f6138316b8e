/** Asks Jaeger for traces. */
import { z } from 'zod';
import { getJson } from '../get-json.ts';
import type { TraceStore } from './trace-store.ts';

const traces = z.object({
  data: z.array(
    z.object({
      traceID: z.string(),
      spans: z.array(z.object({ processID: z.string() })),
      processes: z.record(z.string(), z.object({ serviceName: z.string() })),
    }),
  ),
});

/** It cannot be asked which traces link to another: its search knows no span links. */
export function jaegerTraces(url: string): TraceStore {
  return {
    title: 'Jaeger',
    /** The server spans carry the request's id as an attribute; Jaeger searches one service at a time. */
    async ofRequest(requestId, signal) {
      const query = new URLSearchParams({
        service: 'taskmanager-web',
        tags: JSON.stringify({ 'http.request.id': requestId }),
        lookback: '1h',
        limit: '20',
      });
      const { data } = traces.parse(await getJson(`${url}/api/traces?${query}`, signal));
      return data.map(({ traceID, spans, processes }) => ({
        traceId: traceID,
        spans: spans.length,
        services: spans.map(({ processID }) => processes[processID]?.serviceName ?? 'unknown'),
      }));
    },
    link: (traceId) => `${url}/trace/${traceId}`,
  };
}
