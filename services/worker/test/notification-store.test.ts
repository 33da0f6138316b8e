import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { Job, NotificationJob, ReminderJob } from 'taskmanager-api/contract/jobs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createNotificationStore } from '../src/delivery/notification-store.ts';
import { type MigratedDatabase, migratedDatabase } from './migrated-database.ts';

const DUE = '2031-05-06T07:08:09.123Z';
let database: MigratedDatabase;
let pool: pg.Pool;

beforeAll(async () => {
  database = await migratedDatabase();
  pool = new pg.Pool({ connectionString: database.appUrl, max: 4 });
});
afterAll(async () => {
  await pool.end();
  await database[Symbol.asyncDispose]();
});

const deliver = (job: Job) => createNotificationStore(pool).deliver(job);
const rowsOf = (job: Job) =>
  database.query('SELECT user_id, task_id, kind, task_title FROM notifications WHERE occurrence_id = $1', [
    job.occurrenceId,
  ]);
const assigned = (of: { taskId: string; userId: string }): NotificationJob => ({
  kind: 'task_assigned',
  occurrenceId: randomUUID(),
  ...of,
});
const reminder = (of: { taskId: string; userId: string }, dueAt = DUE): ReminderJob => ({
  kind: 'reminder',
  occurrenceId: randomUUID(),
  dueAt,
  ...of,
});

describe('NotificationStore', () => {
  test('writes one row that carries the title of the moment', async () => {
    const task = await database.insertTask({ title: 'Order „paper"' });
    const job = assigned(task);
    expect(await deliver(job)).toBe('delivered');
    expect(await rowsOf(job)).toEqual([
      { user_id: task.userId, task_id: task.taskId, kind: 'task_assigned', task_title: 'Order „paper"' },
    ]);
  });

  test('calls the second delivery of an occurrence a duplicate and writes nothing', async () => {
    const job = assigned(await database.insertTask());
    expect(await deliver(job)).toBe('delivered');
    expect(await deliver(job)).toBe('duplicate');
    expect(await rowsOf(job)).toHaveLength(1);
  });

  test('delivers once when twenty workers try at the same time', async () => {
    const job = assigned(await database.insertTask());
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => deliver(job)));
    expect(outcomes.filter((outcome) => outcome === 'delivered')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'duplicate')).toHaveLength(19);
    expect(await rowsOf(job)).toHaveLength(1);
  });

  test('still knows a delivered occurrence after its task is gone', async () => {
    const job = assigned(await database.insertTask());
    await deliver(job);
    await database.query('DELETE FROM tasks WHERE id = $1', [job.taskId]);
    expect(await deliver(job)).toBe('duplicate');
  });

  test('reminds of an open task that is due when the job says', async () => {
    const job = reminder(await database.insertTask({ dueAt: DUE }));
    expect(await deliver(job)).toBe('delivered');
  });

  test.each([
    ['is completed', { dueAt: DUE, status: 'completed' }],
    ['is due at another time', { dueAt: '2031-05-06T07:08:10.123Z' }],
    ['is no longer due', {}],
  ])('does not remind of a task that %s', async (_state, task) => {
    const job = reminder(await database.insertTask(task));
    expect(await deliver(job)).toBe('obsolete');
    expect(await rowsOf(job)).toEqual([]);
  });

  test('has nothing to tell of a task or to an account that does not exist', async () => {
    const task = await database.insertTask();
    expect(await deliver(assigned({ ...task, taskId: randomUUID() }))).toBe('obsolete');
    expect(await deliver(assigned({ ...task, userId: randomUUID() }))).toBe('obsolete');
  });
});
