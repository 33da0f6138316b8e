import type { JobOutcome } from '../metric-definitions.ts';
import type { Telemetry } from '../telemetry.ts';
import type { JobTraceContext } from './trace-context.ts';

export type { JobTraceContext } from './trace-context.ts';

export interface JobInstruments {
  /**
   * Runs a job's handler: consumer span linked to the producer, duration, outcome, one log line, job-scoped `requestLogger()`.
   * The outcome is what `handle` returns, or `failed` when it throws (which is rethrown, for the queue's retries).
   */
  run(
    job: { queue: string; id: string; trace?: JobTraceContext | undefined },
    handle: () => Promise<Exclude<JobOutcome, 'failed'>>,
  ): Promise<void>;
  /** Counts an outcome that no handler saw, such as `dead_lettered`. */
  count(queue: string, outcome: JobOutcome): void;
  /** Shown at the next scrape. @param oldestSeconds age of the oldest due job; 0 for an empty queue. */
  setQueue(queue: string, state: { depth: number; oldestSeconds: number }): void;
}

/** @param queues all queues: their series start at 0. */
export function createJobInstruments(_telemetry: Telemetry, _queues: readonly string[]): JobInstruments {
  throw new Error('not built yet');
}
