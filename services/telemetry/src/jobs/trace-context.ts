import {
  type Context,
  context,
  defaultTextMapGetter,
  defaultTextMapSetter,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { describeError } from '../logging/describe-error.ts';

/** W3C trace context that travels in a job. */
export interface JobTraceContext {
  traceparent: string;
  tracestate?: string | undefined;
}

/** The active trace context, to put into the job when enqueuing; undefined outside of a trace. */
export function jobTraceContext(): JobTraceContext | undefined {
  const carrier: Record<string, string> = {};
  propagation.inject(context.active(), carrier, defaultTextMapSetter);
  const { traceparent, tracestate } = carrier;
  if (traceparent === undefined) return undefined;
  return tracestate ? { traceparent, tracestate } : { traceparent };
}

/**
 * Runs `handle` in a consumer span of a new trace that links to the producer's span: a job may run hours later, and several
 * times. Recorded when the producer's trace was, so that a link never leads from nothing. Rethrows what `handle` throws.
 * @param prepare adds to the context in which `handle` runs.
 */
export async function runLinked<T>(
  producer: JobTraceContext | undefined,
  job: { queue: string; id?: string },
  handle: (span: Span) => Promise<T>,
  prepare: (active: Context, span: Span) => Context = (active) => active,
): Promise<T> {
  const link = trace.getSpanContext(extracted(producer));
  const span = trace.getTracer('@lab/telemetry').startSpan(
    `process ${job.queue}`,
    {
      kind: SpanKind.CONSUMER,
      root: true,
      attributes: {
        'messaging.system': 'pg-boss',
        'messaging.operation.name': 'process',
        'messaging.operation.type': 'process',
        'messaging.destination.name': job.queue,
        ...(job.id !== undefined && { 'messaging.message.id': job.id }),
      },
      links: link === undefined ? [] : [{ context: link }],
    },
    ROOT_CONTEXT,
  );
  try {
    return await context.with(prepare(trace.setSpan(ROOT_CONTEXT, span), span), () => handle(span));
  } catch (error) {
    const { type, message } = typeof error === 'object' && error ? describeError(error) : describeError({});
    span.setAttribute('error.type', type);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
    throw error;
  } finally {
    span.end();
  }
}

function extracted(producer: JobTraceContext | undefined): Context {
  if (producer === undefined) return ROOT_CONTEXT;
  return propagation.extract(ROOT_CONTEXT, { ...producer }, defaultTextMapGetter);
}
