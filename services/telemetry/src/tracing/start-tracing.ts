import type { SpanExporter } from '@opentelemetry/sdk-trace';
import type { ServiceIdentity } from '../identity.ts';

export interface TracingOptions {
  service: ServiceIdentity;
  /** OTLP base URL, without `/v1/traces`. Neither this nor `exporter`: nothing is recorded or exported, context still travels. */
  endpoint?: string | undefined;
  /** Instead of OTLP (tests). */
  exporter?: SpanExporter;
  /** Share of new traces that is recorded, 0..1; a parent's decision is respected. Default 0.1. */
  ratio?: number;
  /** Spans that may wait for export before further ones are dropped and counted. Default 8192. */
  maxQueueSize?: number;
}
export interface TracingHandle {
  /** Exports what is queued. Never rejects. */
  flush(): Promise<void>;
  /** Flushes and takes the globals off again; bounded. Never rejects. */
  shutdown(): Promise<void>;
}
/** Starts the SDK and sets the OpenTelemetry globals: provider, AsyncLocalStorage context manager, W3C propagator. */
export function startTracing(_options: TracingOptions): Promise<TracingHandle> {
  throw new Error('not built yet');
}
