/** The metrics that only the worker has. */
import { counter, gauge, histogram } from '@lab/telemetry';

/** Seconds. */
const JOB_BUCKETS = [0.01, 0.05, 0.1, 0.3, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

/** Values of the label `outcome` of `worker_jobs_total`. */
export const JOB_OUTCOMES = ['completed', 'failed', 'dead_lettered', 'duplicate'] as const;
export type JobOutcome = (typeof JOB_OUTCOMES)[number];

export const METRICS = {
  worker_jobs_total: counter('worker_jobs_total', ['queue', 'outcome'], 'Jobs handled, by outcome.'),
  worker_job_duration_seconds: histogram(
    'worker_job_duration_seconds',
    ['queue'],
    JOB_BUCKETS,
    'Time a job handler took, failures included.',
  ),
  worker_queue_depth: gauge('worker_queue_depth', ['queue'], 'Jobs due now and not yet started.'),
  worker_queue_oldest_seconds: gauge(
    'worker_queue_oldest_seconds',
    ['queue'],
    'Age of the oldest job that is due and not yet started; 0 for an empty queue.',
  ),
};
