import { createJobScope, type Job, requestLogger, type Telemetry } from '@lab/telemetry';
import { type Span, SpanStatusCode } from '@opentelemetry/api';
import { JOB_OUTCOMES, type JobOutcome, METRICS } from '../metrics.ts';

export interface JobInstruments {
  /**
   * Runs a job's handler: consumer span linked to the producer, duration, outcome, one log line, job-scoped `requestLogger()`.
   * The outcome is what `handle` returns, or `failed` when it throws (which is rethrown, for the queue's retries).
   */
  run(job: Job, handle: () => Promise<Exclude<JobOutcome, 'failed'>>): Promise<void>;
  /** Counts an outcome that no handler saw, such as `dead_lettered`. */
  count(queue: string, outcome: JobOutcome): void;
  /** Shown at the next scrape. @param oldestSeconds age of the oldest due job; 0 for an empty queue. */
  setQueue(queue: string, state: { depth: number; oldestSeconds: number }): void;
}

/** @param queues all queues: their series start at 0. */
export function createJobInstruments(telemetry: Telemetry, queues: readonly string[]): JobInstruments {
  const inScope = createJobScope(telemetry);
  const jobs = telemetry.counter(METRICS.worker_jobs_total);
  const durations = telemetry.histogram(METRICS.worker_job_duration_seconds);
  const depth = telemetry.gauge(METRICS.worker_queue_depth);
  const oldest = telemetry.gauge(METRICS.worker_queue_oldest_seconds);
  for (const queue of queues) {
    for (const outcome of JOB_OUTCOMES) jobs.inc({ queue, outcome }, 0);
    durations.child({ queue });
    depth.set({ queue }, 0);
    oldest.set({ queue }, 0);
  }

  const guarded = (note: () => void) => {
    try {
      note();
    } catch (error) {
      telemetry.internalError('jobs', error);
    }
  };

  return {
    run(job, handle) {
      const start = performance.now();
      const finish = (span: Span, outcome: JobOutcome, error?: unknown) => {
        const milliseconds = performance.now() - start;
        const { traceId, traceFlags } = span.spanContext();
        durations.observe({ queue: job.queue }, milliseconds / 1000, traceFlags & 1 ? traceId : undefined);
        jobs.inc({ queue: job.queue, outcome });
        span.setAttribute('job.outcome', outcome);
        const bad = outcome === 'failed' || outcome === 'dead_lettered';
        // A job given up has thrown nothing; one that has gets its status from who sees the error.
        if (outcome === 'dead_lettered')
          span.setStatus({ code: SpanStatusCode.ERROR, message: 'dead-lettered' });
        requestLogger().log(bad ? 'error' : 'info', `job ${job.queue} ${outcome}`, {
          'event.action': 'job',
          'event.outcome': bad ? 'failure' : 'success',
          'event.duration': Math.round(milliseconds * 1e6),
          'job.outcome': outcome,
          ...(error !== undefined && { error }),
        });
      };
      return inScope(job, async (span) => {
        let outcome: JobOutcome;
        try {
          outcome = await handle();
        } catch (error) {
          guarded(() => finish(span, 'failed', error));
          throw error;
        }
        guarded(() => finish(span, outcome));
      });
    },
    count(queue, outcome) {
      jobs.inc({ queue, outcome });
    },
    setQueue(queue, state) {
      depth.set({ queue }, state.depth);
      oldest.set({ queue }, state.oldestSeconds);
    },
  };
}
