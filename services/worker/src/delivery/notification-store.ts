import type { Job } from 'taskmanager-api/contract/jobs';

/**
 * What came of a delivery. `obsolete`: there is nothing (any longer) to tell, because the task or the account is
 * gone, or, for a reminder, the task is done or due at another time.
 */
export type Delivery = 'delivered' | 'duplicate' | 'obsolete';

/** Where notifications are kept. */
export interface NotificationStore {
  /** Delivers once for each `occurrenceId`, however often and from however many workers it is called. */
  deliver(job: Job): Promise<Delivery>;
}

/** The part of a Postgres pool that the store needs. */
export interface Queryable {
  query(text: string, values: unknown[]): Promise<{ rows: unknown[] }>;
}

/**
 * One statement, so that reading the task and writing the notification are one moment, and a worker that dies has
 * done all or nothing. The unique occurrence settles a race; the first branch of CASE reads the statement's own
 * insert, the others what stood there before.
 */
const DELIVER = `
WITH subject AS (
  SELECT tasks.id, tasks.title
  FROM tasks JOIN users ON users.id = $2::uuid
  WHERE tasks.id = $3::uuid
    AND ($4::text <> 'reminder' OR (tasks.status = 'open' AND date_trunc('milliseconds', tasks.due_at) = $5::timestamptz))
), delivered AS (
  INSERT INTO notifications (occurrence_id, user_id, task_id, kind, task_title)
  SELECT $1::uuid, $2::uuid, subject.id, $4::text, subject.title FROM subject
  ON CONFLICT (occurrence_id) DO NOTHING
  RETURNING id
)
SELECT CASE
  WHEN EXISTS (SELECT FROM delivered) THEN 'delivered'
  WHEN EXISTS (SELECT FROM subject) OR EXISTS (SELECT FROM notifications WHERE occurrence_id = $1::uuid) THEN 'duplicate'
  ELSE 'obsolete'
END AS delivery`;

/** The store in the table `notifications`. */
export function createNotificationStore(database: Queryable): NotificationStore {
  return {
    async deliver(job) {
      const dueAt = job.kind === 'reminder' ? job.dueAt : null;
      const values = [job.occurrenceId, job.userId, job.taskId, job.kind, dueAt];
      const { rows } = await database.query(DELIVER, values);
      const [row] = rows as { delivery: Delivery }[];
      if (row === undefined) throw new Error('expected one row from the delivery, received none');
      return row.delivery;
    },
  };
}
