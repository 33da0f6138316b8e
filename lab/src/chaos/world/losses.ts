/** What must not be lost, looked for where it has to be: tasks through web, log lines in their store, jobs in the queue. */
import { describeError } from '../../cli/failure.ts';
import { readBackWrites } from '../../load/acknowledged-writes.ts';
import type { Load } from '../../load/start-load.ts';
import { databasesOf } from '../../settings/databases.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Stack } from '../../stack/stack.ts';
import { until } from '../../wait.ts';
import type { Losses } from '../run/world.ts';
import { connect } from '../target/sessions.ts';

export interface LossOptions {
  stack: Stack;
  settings: Settings;
  load: Load;
  signal: AbortSignal;
}

const JOBS_DEADLINE_MS = 45_000;

export async function findLosses(from: number, to: number, options: LossOptions): Promise<Losses> {
  const losses: Losses = { writes: [], logs: [], jobs: [], checked: { writes: 0, logs: 0, jobs: 0 } };
  const [writes, logs, jobs] = await Promise.allSettled([
    lostWrites(options),
    lostLines(from, options),
    lostJobs(from, to, options),
  ]);
  for (const [kind, result] of Object.entries({ writes, logs, jobs })) {
    const key = kind as 'writes' | 'logs' | 'jobs';
    if (result.status === 'rejected') losses[key] = [`not known: ${describeError(result.reason)}`];
    else {
      losses[key] = result.value.lost;
      losses.checked[key] = result.value.checked;
    }
  }
  return losses;
}

interface Found {
  checked: number;
  lost: string[];
}

async function lostWrites({ stack, load, signal }: LossOptions): Promise<Found> {
  const { tasks, lost } = await readBackWrites(load.writes, { webUrl: stack.addresses.web, signal });
  const describe = ({ id, version, found }: (typeof lost)[number]) =>
    `task ${id} version ${version} is ${found ? `version ${found.version}` : 'gone'}`;
  return { checked: tasks, lost: lost.map(describe) };
}

/** Each process numbers its lines, so that a missing one is known; and each has to be in the store once. */
async function lostLines(from: number, { stack, signal }: LossOptions): Promise<Found> {
  const { logs } = stack.signals;
  const { written, gaps, notStored, storedTwice, behindMs } = await logs.account(from, signal);
  const lost = [
    [gaps, `${gaps} lines were numbered and not written`],
    [notStored, `${notStored} lines were numbered and are not in ${logs.title}`],
    [storedTwice, `${storedTwice} lines are in ${logs.title} twice`],
    [behindMs ?? 0, `lines written ${(behindMs ?? 0) / 1000} s ago are not in ${logs.title}`],
  ] as const;
  return { checked: written, lost: lost.filter(([n]) => n > 0).map(([, text]) => text) };
}

const UNDONE = `
SELECT count(*)::int AS jobs,
  count(*) FILTER (WHERE state < 'completed' AND start_after <= now())::int AS undone,
  count(*) FILTER (WHERE state IN ('cancelled', 'failed') AND name <> 'dead-letter' AND dead_letter IS NULL)::int AS lost
FROM pgboss.job WHERE created_on >= $1 AND created_on <= $2 AND name <> 'dead-letter'`;

/** Every job that was enqueued meanwhile and is due has been done, or lies in the dead-letter queue. */
async function lostJobs(from: number, to: number, { settings, signal }: LossOptions): Promise<Found> {
  const client = await connect(databasesOf(settings).ownerUrl, 'lab-accounting');
  let seen = { jobs: 0, undone: 0, lost: 0 };
  try {
    await until(
      'every due job to be done',
      async () => {
        const { rows } = await client.query<typeof seen>(UNDONE, [new Date(from), new Date(to)]);
        seen = rows[0] ?? seen;
        return seen.undone === 0;
      },
      { deadlineMs: JOBS_DEADLINE_MS, everyMs: 250, signal },
    ).catch((error: unknown) => {
      // What is not done by then is the result.
      if (seen.undone === 0) throw error;
    });
  } finally {
    await client.end();
  }
  const lost = [
    [seen.undone, `jobs are due and not done ${JOBS_DEADLINE_MS / 1000} s after it healed`],
    [seen.lost, 'jobs ended neither done nor in the dead-letter queue'],
  ] as const;
  return { checked: seen.jobs, lost: lost.filter(([n]) => n > 0).map(([n, text]) => `${n} ${text}`) };
}
