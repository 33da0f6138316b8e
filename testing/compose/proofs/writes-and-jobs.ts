/**
 * What was acknowledged is there, and each job had its effect once, whatever was killed meanwhile. Works on any running lab,
 * by the addresses that both modes publish. Half of the tasks are assigned to a second account: each of those enqueues, in the same
 * transaction, one job whose effect is one row of `notifications`.
 */
import { randomUUID } from 'node:crypto';
import { type Settings, type Stack, until } from '@lab/cli';
import pg from 'pg';
import { createTaskClient, NoAnswerError } from '../../src/task-client.ts';

export interface WriteCounts {
  writes_acknowledged: number;
  writes_found: number;
  jobs_enqueued: number;
  jobs_done_once: number;
  jobs_done_more_than_once: number;
}

const CLIENTS = 8;
const KILLED_IN_TURN = ['worker', 'api', 'postgres', 'worker'] as const;
const DRAIN_DEADLINE_MS = 10 * 60_000;

/** @param wanted acknowledged writes; half of them enqueue a job. */
export async function proveWritesAndJobs(
  stack: Stack,
  settings: Settings,
  wanted: number,
  signal: AbortSignal,
): Promise<WriteCounts> {
  const mark = `proof-${randomUUID()}`;
  const acknowledged = new Set<string>();
  using recipient = createTaskClient(stack.addresses.web);
  const { email } = await recipient.signUp();
  let begun = 0;
  let givenUp = false;
  const write = async () => {
    using client = createTaskClient(stack.addresses.web);
    await client.signUp();
    while (acknowledged.size < wanted && !givenUp) {
      signal.throwIfAborted();
      begun += 1;
      const task = { title: mark, ...(begun % 2 === 0 ? { assigneeEmail: email } : {}) };
      const answer = await client.call('POST', '/tasks', { json: task }).catch((error: unknown) => {
        if (error instanceof NoAnswerError) return undefined; // Killed under it: not acknowledged.
        throw error;
      });
      if (answer?.status === 201) acknowledged.add((answer.body as { id: string }).id);
      // Refused while a part is down: a client that hammers would only keep it down.
      else await sleep(200);
    }
  };
  const writers = Promise.all(Array.from({ length: CLIENTS }, write));
  writers.catch(() => undefined); // Awaited below.
  try {
    for (const [index, part] of KILLED_IN_TURN.entries()) {
      const due = (wanted * (index + 1)) / (KILLED_IN_TURN.length + 1);
      await until(`${Math.round(due)} writes`, () => acknowledged.size >= due, {
        deadlineMs: 20 * 60_000,
        everyMs: 200,
        signal,
      });
      await stack.act(part, 'kill');
    }
  } catch (error) {
    givenUp = true;
    throw error;
  }
  await writers;
  return await count(settings, mark, acknowledged, signal);
}

/** In the database itself, as its owner. A task that was written and not acknowledged has its job too, so jobs are counted by tasks. */
async function count(
  { ports, secrets }: Settings,
  mark: string,
  acknowledged: ReadonlySet<string>,
  signal: AbortSignal,
): Promise<WriteCounts> {
  const database = new pg.Client({
    host: '127.0.0.1',
    port: ports.POSTGRES_PORT,
    user: 'taskmanager',
    password: secrets.TASKMANAGER_DB_PASSWORD,
    database: 'taskmanager',
  });
  await database.connect();
  try {
    const { rows: tasks } = await database.query<{ id: string; assigned: boolean }>(
      'SELECT id, assignee_email IS NOT NULL AS assigned FROM tasks WHERE title = $1',
      [mark],
    );
    const jobs = tasks.filter(({ assigned }) => assigned).map(({ id }) => id);
    const effects = async () => {
      const { rows } = await database.query<{ task_id: string; times: number }>(
        `SELECT task_id, count(*)::integer AS times FROM notifications
         WHERE task_title = $1 AND kind = 'task_assigned' GROUP BY task_id`,
        [mark],
      );
      return new Map(rows.map(({ task_id, times }) => [task_id, times]));
    };
    // What is still missing after the deadline is counted, which says more than an error would.
    await until('every job to be done', async () => (await effects()).size >= jobs.length, {
      deadlineMs: DRAIN_DEADLINE_MS,
      everyMs: 2_000,
      signal,
    }).catch(() => undefined);
    const done = await effects();
    const there = new Set(tasks.map(({ id }) => id));
    return {
      writes_acknowledged: acknowledged.size,
      writes_found: [...acknowledged].filter((id) => there.has(id)).length,
      jobs_enqueued: jobs.length,
      jobs_done_once: jobs.filter((id) => done.get(id) === 1).length,
      jobs_done_more_than_once: jobs.filter((id) => (done.get(id) ?? 0) > 1).length,
    };
  } finally {
    await database.end();
  }
}

function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
