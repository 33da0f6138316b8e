/** Puts jobs into the queue, in the transaction of the change that they belong to. */
import { AssertionError } from 'node:assert';
import { createHash, randomUUID } from 'node:crypto';
import { PgBoss } from 'pg-boss';
import {
  BOSS_OPTIONS,
  type JobTrace,
  NOTIFICATION_QUEUE,
  type NotificationJob,
  REMINDER_LEAD_SECONDS,
  REMINDER_QUEUE,
  type ReminderJob,
} from '../contract/jobs.ts';
import type { Database, Queryable } from '../database/database.ts';
import { DatabaseUnavailableError } from '../database/unavailable.ts';
import type { TaskJobs } from '../tasks/task-service.ts';

export interface JobQueueOptions {
  database: Database;
  /** Trace context of the request being handled. */
  trace: () => JobTrace | undefined;
  /** Told what pg-boss complains about in the background. */
  onError: (error: Error) => void;
}

export interface JobQueue {
  /** @throws where the queue's schema is not there (yet) or of another version, or the database is unavailable. */
  start(): Promise<void>;
  /** What enqueues within `transaction`: rolled back with it, visible to the worker once it commits. */
  within(transaction: Queryable): TaskJobs;
  stop(): Promise<void>;
}

export function createJobQueue({ database, trace, onError }: JobQueueOptions): JobQueue {
  const boss = new PgBoss({
    ...BOSS_OPTIONS,
    // Only a producer: supervising and counting is the worker's.
    supervise: false,
    registerInstance: false,
    db: executor(database),
  });
  boss.on('error', onError);

  async function send(
    transaction: Queryable,
    queue: string,
    job: ReminderJob | NotificationJob,
    startAfter?: Date,
  ): Promise<void> {
    try {
      const db = executor(transaction);
      await boss.send(queue, job, { db, ...(startAfter === undefined ? {} : { startAfter }) });
    } catch (error) {
      // It asserts that it has been started, which it is as soon as the database has been there once.
      if (error instanceof AssertionError) {
        throw new DatabaseUnavailableError('the queue has not been started yet', { cause: error });
      }
      throw error;
    }
  }

  function common(taskId: string, userId: string) {
    const context = trace();
    return { taskId, userId, ...(context === undefined ? {} : { trace: context }) };
  }

  return {
    start: async () => {
      await boss.start();
    },
    within: (transaction) => ({
      remind: ({ taskId, userId, dueAt }) => {
        const due = dueAt.toISOString();
        const occurrenceId = reminderOccurrence(taskId, due);
        const job: ReminderJob = { kind: 'reminder', dueAt: due, occurrenceId, ...common(taskId, userId) };
        // A moment in the past: at once.
        const startAfter = new Date(dueAt.getTime() - REMINDER_LEAD_SECONDS * 1000);
        return send(transaction, REMINDER_QUEUE, job, startAfter);
      },
      notify: ({ kind, taskId, userId }) =>
        send(transaction, NOTIFICATION_QUEUE, {
          kind,
          occurrenceId: randomUUID(),
          ...common(taskId, userId),
        }),
    }),
    stop: () => boss.stop({ graceful: false }),
  };
}

/** The same for the same task and due date: however often that date is set, one reminder arrives. UUID version 8. */
function reminderOccurrence(taskId: string, dueAt: string): string {
  const bytes = createHash('sha256').update(`reminder ${taskId} ${dueAt}`).digest().subarray(0, 16);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x80;
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  return bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

function executor(target: Queryable) {
  return {
    executeSql: async (text: string, values: unknown[] = []) => ({
      // Its statements start with a line break; what measures ours looks at the first word.
      rows: await target.query({ text: text.trim() }, values),
    }),
  };
}
