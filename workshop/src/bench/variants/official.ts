/**
 * OpenTelemetry's own instrumentations, tuned as well as their options allow (no span for middleware, no connect
 * spans, no orphans), in place of the lab's spans; the lab's metrics and logs stay. Loaded ahead of the API.
 */
import { register } from 'node:module';
import { type Tracer, type TracerProvider, trace } from '@opentelemetry/api';
import { ExpressInstrumentation, ExpressLayerType } from '@opentelemetry/instrumentation-express';
import { HttpInstrumentation } from '@opentelemetry/instrumentation-http';
import { PgInstrumentation } from '@opentelemetry/instrumentation-pg';
import { NodeSDK } from '@opentelemetry/sdk-node';

// Without the hook, instrumentations see no ES module, and there are no Express spans.
register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);

process.env['OTEL_METRICS_EXPORTER'] = 'none';
process.env['OTEL_LOGS_EXPORTER'] = 'none';
const sdk = new NodeSDK({
  instrumentations: [
    new HttpInstrumentation(),
    new ExpressInstrumentation({
      ignoreLayersType: [
        ExpressLayerType.MIDDLEWARE,
        ExpressLayerType.REQUEST_HANDLER,
        ExpressLayerType.ROUTER,
      ],
    }),
    new PgInstrumentation({ requireParentSpan: true, ignoreConnectSpans: true }),
  ],
});
sdk.start();

/** Gives the lab's library a tracer that records nothing: its spans would be there twice. */
class WithoutOurs implements TracerProvider {
  readonly #official: TracerProvider;

  constructor(official: TracerProvider) {
    this.#official = official;
  }

  getTracer(name: string, version?: string): Tracer {
    return name === '@lab/telemetry' ? noopTracer : this.#official.getTracer(name, version);
  }
}

const { ProxyTracerProvider } = await import('@opentelemetry/api');
// A proxy that nobody delegates hands out the API's no-op tracer.
const noopTracer = new ProxyTracerProvider().getTracer('none');
const proxy = trace.getTracerProvider();
const official = proxy instanceof ProxyTracerProvider ? proxy.getDelegate() : proxy;
trace.disable();
trace.setGlobalTracerProvider(new WithoutOurs(official));
