/** Takes jobs from the queues, has them delivered, and tells the queue what came of each. */
import { type Fault, type JobTraceContext, type Logger, requestLogger } from '@lab/telemetry';
import type { JobResult, JobWithMetadata, PgBoss } from 'pg-boss';
import {
  type Job,
  jobTraceSchema,
  NOTIFICATION_QUEUE,
  notificationJobSchema,
  REMINDER_QUEUE,
  reminderJobSchema,
} from 'taskmanager-api/contract/jobs';
import { z } from 'zod';
import type { NotificationStore } from '../delivery/notification-store.ts';
import { sufferFaults } from './job-faults.ts';
import type { JobInstruments } from './job-instruments.ts';

/** The queues worked on, each with the form of its payload. */
const PAYLOADS: Readonly<Record<string, z.ZodType<Job>>> = {
  [REMINDER_QUEUE]: reminderJobSchema,
  [NOTIFICATION_QUEUE]: notificationJobSchema,
};

/** Idle time between two looks into a queue, seconds: pg-boss's minimum. A full batch is followed by the next at once. */
const POLL_SECONDS = 0.5;
/** How often a job in hand is reported alive, seconds: three chances within the heartbeat's ten. */
const HEARTBEAT_SECONDS = 3;

export interface ConsumeOptions {
  boss: PgBoss;
  store: NotificationStore;
  instruments: JobInstruments;
  logger: Logger;
  /** Trouble made on purpose, at this moment. */
  faults: () => readonly Fault[];
  /** Jobs of one queue handled at once. */
  concurrency: number;
}

/** Starts to work on every queue, until `boss.stop()`. */
export async function consume({ boss, concurrency, ...context }: ConsumeOptions): Promise<void> {
  for (const [queue, payload] of Object.entries(PAYLOADS)) {
    await boss.work(
      queue,
      {
        batchSize: concurrency,
        // Each job of a batch ends for itself: one that fails takes none with it.
        perJobResults: true,
        includeMetadata: true,
        pollingIntervalSeconds: POLL_SECONDS,
        burstWhenBatchFull: true,
        heartbeatRefreshSeconds: HEARTBEAT_SECONDS,
      },
      (jobs: JobWithMetadata<unknown>[]) =>
        Promise.all(jobs.map((job) => handle({ ...context, queue, payload, job }))),
    );
  }
}

interface HandleOptions extends Omit<ConsumeOptions, 'boss' | 'concurrency'> {
  queue: string;
  payload: z.ZodType<Job>;
  job: JobWithMetadata<unknown>;
}

/** Never rejects: a failure is a result, too. */
async function handle(options: HandleOptions): Promise<JobResult> {
  const { queue, payload, job, store, instruments, logger, faults } = options;
  let result: JobResult = { id: job.id, status: 'completed' };
  const giveUp = (reason: string, detail: string, error?: unknown) => {
    result = { id: job.id, status: 'deadletter', output: { message: `${reason}: ${detail}` } };
    requestLogger(logger).error(`${reason}; the job is in the dead-letter queue`, {
      'event.reason': detail,
      ...(error === undefined ? {} : { error }),
    });
    return 'dead_lettered' as const;
  };
  try {
    await instruments.run({ queue, id: job.id, trace: traceOf(job.data) }, async () => {
      const parsed = payload.safeParse(job.data);
      // Trying again cannot mend a payload.
      if (!parsed.success)
        return giveUp('the payload is not what the queue carries', wrongFields(parsed.error));
      try {
        await sufferFaults(faults());
        const delivery = await store.deliver(parsed.data);
        requestLogger(logger).debug(`${parsed.data.kind} ${delivery}`);
        return delivery === 'duplicate' ? 'duplicate' : 'completed';
      } catch (error) {
        if (job.retryCount < job.retryLimit) throw error;
        return giveUp(`delivery failed ${job.retryCount + 1} times`, messageOf(error), error);
      }
    });
  } catch (error) {
    result = { id: job.id, status: 'failed', output: { message: messageOf(error) } };
  }
  return result;
}

/** The producer's trace, where the payload carries a sane one, however wrong the rest of it may be. */
function traceOf(payload: unknown): JobTraceContext | undefined {
  const trace = z.object({ trace: jobTraceSchema }).safeParse(payload).data?.trace;
  if (trace === undefined) return undefined;
  const { traceparent, tracestate } = trace;
  return tracestate === undefined ? { traceparent } : { traceparent, tracestate };
}

/** Which fields are wrong and how, without their values. */
function wrongFields(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.') || 'payload'}: ${issue.message}`).join('; ');
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
