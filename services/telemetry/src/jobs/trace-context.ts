import type { Span } from '@opentelemetry/api';

/** W3C trace context that travels in a job. */
export interface JobTraceContext {
  traceparent: string;
  tracestate?: string;
}

/** The active trace context, to put into the job when enqueuing; undefined outside of a trace. */
export function jobTraceContext(): JobTraceContext | undefined {
  return undefined;
}

/** Runs `handle` in a consumer span of a new trace that links to the producer's span. Rethrows what `handle` throws. */
export async function runLinked<T>(
  _producer: JobTraceContext | undefined,
  _job: { queue: string; id?: string },
  _handle: (span: Span) => Promise<T>,
): Promise<T> {
  throw new Error('not built yet');
}
