import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Job, jobSchema } from '../src/contract/jobs.ts';
import type { Task } from '../src/contract/tasks.ts';
import { UNOBSERVED } from '../src/observability.ts';
import { createMigratedDatabase } from './support/migrated-database.ts';
import { type RunningApi, runApi } from './support/running-api.ts';

interface StoredJob {
  name: string;
  data: Job;
  startAfter: Date;
}

let database: Awaited<ReturnType<typeof createMigratedDatabase>>;
let running: RunningApi;

beforeAll(async () => {
  database = await createMigratedDatabase();
  running = await runApi({ databaseUrl: database.appUrl });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

test('a due date enqueues a reminder for one hour before it', async () => {
  const me = await running.somebody();
  const task = await me.createTask({ dueAt: '2031-03-01T10:00:00Z' });
  const [job, ...others] = await jobsOf(task);
  expect(others).toEqual([]);
  expect(job).toMatchObject({
    name: 'reminder',
    data: { kind: 'reminder', dueAt: '2031-03-01T10:00:00.000Z', taskId: task.id },
    startAfter: new Date('2031-03-01T09:00:00Z'),
  });
  expect(job?.data.userId).toBe((await me.request<{ id: string }>('GET', '/users/me')).body.id);
});

test('setting the same due date again is the same occurrence, another date is another', async () => {
  const me = await running.somebody();
  const task = await me.createTask({ dueAt: '2031-03-01T10:00:00Z' });
  await change(me, task, '*', { dueAt: '2031-03-02T10:00:00Z' });
  await change(me, task, '*', { dueAt: '2031-03-01T11:00:00+01:00' });
  // Nothing changes, so nothing is enqueued.
  await change(me, task, '*', { dueAt: '2031-03-01T10:00:00Z', title: 'Renamed' });
  const occurrences = (await jobsOf(task)).map(({ data }) => data.occurrenceId);
  expect(occurrences).toHaveLength(3);
  expect(occurrences[2]).toBe(occurrences[0]);
  expect(occurrences[1]).not.toBe(occurrences[0]);
});

test('assigning tells the assignee if there is such an account, once for each change', async () => {
  const me = await running.somebody();
  const assignee = await running.somebody();
  const nobody = await me.createTask({ assigneeEmail: 'nobody@example.org' });
  expect(await jobsOf(nobody)).toEqual([]);
  const task = await me.createTask({ assigneeEmail: assignee.email });
  await change(me, task, '*', { assigneeEmail: assignee.email, title: 'Renamed' });
  const { id } = (await assignee.request<{ id: string }>('GET', '/users/me')).body;
  expect(await jobsOf(task)).toMatchObject([
    { name: 'notification', data: { kind: 'task_assigned', userId: id } },
  ]);
});

test('completing tells the owner, once, also when two complete at the same moment', async () => {
  const me = await running.somebody();
  const task = await me.createTask();
  await Promise.all(Array.from({ length: 8 }, () => me.request('POST', `/tasks/${task.id}/complete`)));
  expect(await jobsOf(task)).toMatchObject([{ name: 'notification', data: { kind: 'task_completed' } }]);
});

test('a job carries the trace context of the request that caused it', async () => {
  const trace = { traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01', tracestate: 'a=b' };
  await using traced = await runApi({
    databaseUrl: database.appUrl,
    observability: { ...UNOBSERVED, jobTrace: () => trace },
  });
  const me = await traced.somebody();
  const task = await me.createTask({ dueAt: '2031-03-01T10:00:00Z', assigneeEmail: me.email });
  expect((await jobsOf(task)).map(({ data }) => data.trace)).toEqual([trace, trace]);
});

test('a change that is refused enqueues nothing', async () => {
  const me = await running.somebody();
  const task = await me.createTask();
  expect((await change(me, task, '"7"', { status: 'completed' })).status).toBe(412);
  expect(await jobsOf(task)).toEqual([]);
});

test('a change whose job cannot be enqueued does not happen either', async () => {
  const me = await running.somebody();
  const task = await me.createTask();
  await execute('ALTER TABLE pgboss.job_common ADD CONSTRAINT broken CHECK (false) NOT VALID');
  try {
    // Internal errors are part of what the document describes.
    expect((await me.request('POST', `/tasks/${task.id}/complete`)).status).toBe(500);
  } finally {
    await execute('ALTER TABLE pgboss.job_common DROP CONSTRAINT broken');
  }
  expect((await me.request('GET', `/tasks/${task.id}`)).body).toEqual(task);
  expect(await jobsOf(task)).toEqual([]);
});

test('a change that fails as it commits leaves no job behind', async () => {
  const me = await running.somebody();
  const task = await me.createTask();
  await execute(`
    CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'refused'; END $$;
    CREATE CONSTRAINT TRIGGER refuse AFTER UPDATE ON tasks DEFERRABLE INITIALLY DEFERRED
      FOR EACH ROW EXECUTE FUNCTION refuse();
  `);
  try {
    expect((await me.request('POST', `/tasks/${task.id}/complete`)).status).toBe(500);
  } finally {
    await execute('DROP FUNCTION refuse CASCADE');
  }
  expect(await jobsOf(task)).toEqual([]);
  expect((await me.request('GET', `/tasks/${task.id}`)).body).toEqual(task);
});

test('notifications are shown to whom they belong, newest first', async () => {
  const me = await running.somebody();
  const other = await running.somebody();
  const task = await me.createTask();
  const deliver = async (owner: typeof me, title: string, at: string) => {
    const { id } = (await owner.request<{ id: string }>('GET', '/users/me')).body;
    await execute(
      `INSERT INTO notifications (occurrence_id, user_id, task_id, kind, task_title, created_at)
       VALUES (gen_random_uuid(), $1, $2, 'task_assigned', $3, $4)`,
      [id, task.id, title, at],
    );
  };
  await deliver(me, 'first', '2026-01-01T00:00:00Z');
  await deliver(me, 'second', '2026-01-02T00:00:00Z');
  await deliver(other, 'theirs', '2026-01-03T00:00:00Z');
  await me.request('DELETE', `/tasks/${task.id}`);
  const { body } = await me.request('GET', '/notifications');
  expect(body).toMatchObject({
    items: [
      { taskTitle: 'second', kind: 'task_assigned', taskId: null, createdAt: '2026-01-02T00:00:00.000Z' },
      { taskTitle: 'first' },
    ],
  });
});

function change(me: Awaited<ReturnType<RunningApi['somebody']>>, task: Task, ifMatch: string, body: unknown) {
  return me.request<Task>('PATCH', `/tasks/${task.id}`, { body, headers: { 'if-match': ifMatch } });
}

/** In the order of their making, each checked against the contract with the worker. */
async function jobsOf(task: Task): Promise<StoredJob[]> {
  const { rows } = await execute(
    `SELECT name, data, start_after AS "startAfter" FROM pgboss.job WHERE data ->> 'taskId' = $1 ORDER BY created_on`,
    [task.id],
  );
  return rows.map((row) => ({ ...row, data: jobSchema.parse(row.data) }));
}

async function execute(text: string, values: unknown[] = []): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    return await client.query(text, values);
  } finally {
    await client.end();
  }
}
