import { trace } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { resourceFromAttributes } from '@opentelemetry/resources';
import {
  AlwaysOffSampler,
  BatchSpanProcessor,
  NoopSpanProcessor,
  ParentBasedSampler,
  type SpanExporter,
} from '@opentelemetry/sdk-trace';
import type { ServiceIdentity } from '../identity.ts';
import { CountingExporter, CountingProcessor } from './counting.ts';
import { listenToDiagnostics } from './diagnostics.ts';
import { RatioOrLinkSampler } from './ratio-or-link-sampler.ts';
import { setTracingFlush } from './tracing-state.ts';

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
  /** Longest time that a span waits for its batch to fill, ms. Default 1000. */
  batchDelayMs?: number;
  /** Longest time for one export, retries included, ms. Default 5000. */
  exportTimeoutMs?: number;
}

export interface TracingHandle {
  /** Exports what is queued. Never rejects. */
  flush(): Promise<void>;
  /** Flushes and ends tracing; takes at most the export timeout. Never rejects. */
  shutdown(): Promise<void>;
}

/**
 * Starts the SDK and sets the OpenTelemetry globals: provider, AsyncLocalStorage context manager, W3C propagator.
 * The SDK is loaded only now: without tracing nobody pays for it.
 * @throws RangeError when `ratio` is not a number from 0 to 1.
 */
export async function startTracing(options: TracingOptions): Promise<TracingHandle> {
  const { service, ratio = 0.1 } = options;
  if (!(ratio >= 0 && ratio <= 1))
    throw new RangeError(`ratio: expected a number from 0 to 1, received ${ratio}`);
  // Traces only: the SDK would send metrics to the same endpoint by default, and a store of traces takes none.
  process.env['OTEL_METRICS_EXPORTER'] = 'none';
  process.env['OTEL_LOGS_EXPORTER'] = 'none';
  listenToDiagnostics();
  const exporter = options.exporter ?? (await otlpExporter(options));
  const { NodeSDK } = await import('@opentelemetry/sdk-node');
  const processor = exporter && batching(exporter, options);
  const sdk = new NodeSDK({
    instrumentations: [],
    autoDetectResources: false,
    resource: resourceFromAttributes({
      'service.name': service.name,
      'service.version': service.version,
      'service.instance.id': service.instanceId,
      'deployment.environment.name': service.environment,
      'telemetry.sdk.language': 'nodejs',
      'telemetry.sdk.name': 'opentelemetry',
    }),
    contextManager: new AsyncLocalStorageContextManager(),
    textMapPropagator: new W3CTraceContextPropagator(),
    // Nowhere to send spans to: then none is recorded, and callees are told so.
    sampler: exporter
      ? new ParentBasedSampler({ root: new RatioOrLinkSampler(ratio) })
      : new ParentBasedSampler({ root: new AlwaysOffSampler(), remoteParentSampled: new AlwaysOffSampler() }),
    spanProcessors: [processor ?? new NoopSpanProcessor()],
  });
  sdk.start();
  const flush = async () => {
    await processor?.forceFlush().catch(countedAlready);
  };
  setTracingFlush(flush);
  return {
    flush,
    async shutdown() {
      setTracingFlush(undefined);
      await sdk.shutdown().catch(countedAlready);
      trace.disable();
    },
  };
}

const EXPORT_TIMEOUT_MS = 5_000;

async function otlpExporter(options: TracingOptions): Promise<SpanExporter | undefined> {
  if (!options.endpoint) return undefined;
  const { OTLPTraceExporter } = await import('@opentelemetry/exporter-trace-otlp-proto');
  return new OTLPTraceExporter({
    url: `${options.endpoint.replace(/\/+$/, '')}/v1/traces`,
    timeoutMillis: options.exportTimeoutMs ?? EXPORT_TIMEOUT_MS,
    // A flush sends the whole queue at once, in batches.
    concurrencyLimit: 32,
  });
}

function batching(exporter: SpanExporter, options: TracingOptions): CountingProcessor {
  const { maxQueueSize = 8_192, batchDelayMs = 1_000, exportTimeoutMs = EXPORT_TIMEOUT_MS } = options;
  const queue = { waiting: 0 };
  const counting = new CountingExporter(exporter, queue, exportTimeoutMs + 500);
  const batches = new BatchSpanProcessor({
    exporter: counting,
    maxQueueSize,
    maxExportBatchSize: Math.min(512, maxQueueSize),
    scheduledDelayMillis: batchDelayMs,
    exportTimeoutMillis: exportTimeoutMs + 1_000,
  });
  return new CountingProcessor(batches, queue, maxQueueSize);
}

function countedAlready(): void {
  // The counting exporter saw the failure; there is nothing else to do about spans.
}
