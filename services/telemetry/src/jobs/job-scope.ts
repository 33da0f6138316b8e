import { isSpanContextValid, type Span } from '@opentelemetry/api';
import { ensureContextManager, SCOPE_KEY, setRootLogger } from '../http/request-scope.ts';
import type { Logger } from '../logging/types.ts';
import type { Telemetry } from '../telemetry.ts';
import { type JobTraceContext, runLinked } from './trace-context.ts';

export interface Job {
  queue: string;
  id: string;
  trace?: JobTraceContext | undefined;
}

/**
 * Returns a function that runs a job's handler in a consumer span linked to the producer, with a job-scoped `requestLogger()`.
 * It rethrows what the handler throws.
 */
export function createJobScope(
  telemetry: Telemetry,
): <T>(job: Job, handle: (span: Span) => Promise<T>) => Promise<T> {
  ensureContextManager();
  setRootLogger(telemetry.logger);
  return (job, handle) =>
    runLinked(job.trace, job, handle, (active, span) =>
      active.setValue(SCOPE_KEY, { requestId: undefined, logger: jobLogger(telemetry.logger, job, span) }),
    );
}

/** Its own trace, and the trace that made the job: a search for either finds the line. */
function jobLogger(logger: Logger, job: Job, span: Span): Logger {
  const own = span.spanContext();
  const producer = job.trace?.traceparent.split('-')[1];
  return logger.child({
    'job.queue': job.queue,
    'job.id': job.id,
    ...(isSpanContextValid(own) && { 'trace.id': own.traceId, 'span.id': own.spanId }),
    ...(producer !== undefined && { 'job.producer.trace.id': producer }),
  });
}
