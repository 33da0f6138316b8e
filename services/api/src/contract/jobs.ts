/**
 * The queue between api (producer) and worker (consumer): names, payloads, pg-boss options. The api's migration
 * makes the queues; neither service needs rights to change the schema.
 */
import type { ConstructorOptions, Queue } from 'pg-boss';
import { z } from 'zod';

export const QUEUE_SCHEMA = 'pgboss';

export const REMINDER_QUEUE = 'reminder';
export const NOTIFICATION_QUEUE = 'notification';
export const DEAD_LETTER_QUEUE = 'dead-letter';

/** W3C trace context of the request that enqueued, for the span link of the consumer. */
export const jobTraceSchema = z.object({ traceparent: z.string(), tracestate: z.string().optional() });
export type JobTrace = z.infer<typeof jobTraceSchema>;

const common = {
  taskId: z.uuid(),
  /** Who is to be told. */
  userId: z.uuid(),
  /** Idempotency key: `notifications.occurrence_id` is unique, so handling twice has one effect. */
  occurrenceId: z.uuid(),
  trace: jobTraceSchema.optional(),
};

/** To be delivered one hour before `dueAt`, and only if the task is still open and still due then. */
export const reminderJobSchema = z.object({
  kind: z.literal('reminder'),
  dueAt: z.iso.datetime(),
  ...common,
});
export type ReminderJob = z.infer<typeof reminderJobSchema>;

/** To be delivered at once: to the assignee's account, or to the owner of a completed task. */
export const notificationJobSchema = z.object({
  kind: z.enum(['task_assigned', 'task_completed']),
  ...common,
});
export type NotificationJob = z.infer<typeof notificationJobSchema>;

export const jobSchema = z.discriminatedUnion('kind', [reminderJobSchema, notificationJobSchema]);
export type Job = z.infer<typeof jobSchema>;

/** How long before the due date a reminder is sent, in seconds. */
export const REMINDER_LEAD_SECONDS = 3600;

const DAY = 86_400;

const retried = {
  // 1, 2, 4, … 60, 60 s, each with jitter: an outage of three minutes is over before the last attempt.
  retryLimit: 8,
  retryDelay: 1,
  retryBackoff: true,
  retryDelayMax: 60,
  // A killed worker's job is taken up by another after its heartbeat stops (pg-boss's minimum is 10 s).
  expireInSeconds: 60,
  heartbeatSeconds: 10,
  retentionSeconds: 14 * DAY,
  deleteAfterSeconds: DAY,
  deadLetter: DEAD_LETTER_QUEUE,
};

/** In the order of their making: a queue's dead-letter queue must exist before it. */
export const QUEUES: readonly Queue[] = [
  // Nobody works on dead letters but a person: kept two weeks, then dropped.
  { name: DEAD_LETTER_QUEUE, retryLimit: 0, retentionSeconds: 14 * DAY, deleteAfterSeconds: 14 * DAY },
  { name: REMINDER_QUEUE, ...retried },
  { name: NOTIFICATION_QUEUE, ...retried },
];

/** What every pg-boss instance outside the migration must set: no rights to change the schema are needed. */
export const BOSS_OPTIONS = {
  schema: QUEUE_SCHEMA,
  migrate: false,
  createSchema: false,
  // REINDEX needs the owner; cron schedules are not used.
  reindex: false,
  schedule: false,
  // Spans and trace context are ours (DESIGN section 5): the payload carries `trace`.
  openTelemetry: { enabled: false },
} as const satisfies ConstructorOptions;
