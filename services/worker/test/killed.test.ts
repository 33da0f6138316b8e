/** What becomes of jobs whose worker goes away, politely or not. Handlers are slowed by a lock in the database. */
import { patiently } from '@lab/testing';
import { describe, expect, test, vi } from 'vitest';
import { type MigratedDatabase, migratedDatabase } from './migrated-database.ts';
import { createProducer, series, startWorker } from './worker-process.ts';

// Several processes on few cores: as long as it takes.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

/** So that a statement outlasts a lock that a busy machine holds longer than it should. */
const PATIENT = { DATABASE_STATEMENT_TIMEOUT_MS: '60000', SHUTDOWN_DRAIN_SECONDS: '60' };

/** Holds every insert into `notifications` back until released. */
async function holdDeliveries(database: MigratedDatabase): Promise<{ release(): Promise<void> }> {
  const client = await database.connect();
  await client.query('BEGIN; LOCK TABLE notifications IN SHARE MODE');
  return {
    release: async () => {
      await client.query('COMMIT');
    },
  };
}

const active = (database: MigratedDatabase) =>
  patiently('a job in hand that waits for the lock', async () => {
    const [row] = await database.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO notifications%'`,
    );
    return row?.n;
  });

const deliveredTimes = async (database: MigratedDatabase, occurrences: string[]) => {
  const rows = await database.query<{ occurrence_id: string; times: number }>(
    'SELECT occurrence_id, count(*)::int AS times FROM notifications GROUP BY occurrence_id',
  );
  const times = new Map(rows.map((row) => [row.occurrence_id, row.times]));
  return occurrences.map((occurrence) => times.get(occurrence) ?? 0);
};

const unfinished = async (database: MigratedDatabase) => {
  const [row] = await database.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pgboss.job WHERE name = 'notification' AND state <> 'completed'`,
  );
  return row?.n;
};

describe('a worker that is ended', () => {
  test('by SIGTERM finishes the job in hand, takes no other, and exits with 0', async () => {
    await using database = await migratedDatabase();
    await using producer = await createProducer(database);
    await using worker = await startWorker(database.appUrl, { ...PATIENT, WORKER_CONCURRENCY: '1' });
    await worker.ready();
    const lock = await holdDeliveries(database);
    const [inHand = ''] = await producer.notify(1);
    await active(database);
    const [next = ''] = await producer.notify(1);
    worker.kill('SIGTERM');
    await patiently('not ready', async () => (await fetch(`${worker.managementUrl}/readyz`)).status === 503);
    await lock.release();
    expect(await worker.exited).toEqual({ code: 0, signal: null });
    expect(await deliveredTimes(database, [inHand, next])).toEqual([1, 0]);
    const states = await database.query(
      `SELECT state::text, retry_count FROM pgboss.job WHERE name = 'notification' ORDER BY created_on`,
    );
    expect(states).toEqual([
      { state: 'completed', retry_count: 0 },
      { state: 'created', retry_count: 0 },
    ]);
    const lines = await worker.logLines();
    expect(lines.map((line) => line['event.sequence'])).toEqual(lines.map((_, index) => index + 1));
  });

  test('by SIGTERM gives a job that does not end in time back to the queue', async () => {
    await using database = await migratedDatabase();
    await using producer = await createProducer(database);
    await using worker = await startWorker(database.appUrl, { SHUTDOWN_DRAIN_SECONDS: '3' });
    await worker.ready();
    const lock = await holdDeliveries(database);
    const occurrences = await producer.notify(1);
    await active(database);
    worker.kill('SIGTERM');
    await worker.exited;
    await lock.release();
    await using successor = await startWorker(database.appUrl);
    await successor.ready();
    await patiently('the job to be done', async () => (await unfinished(database)) === 0);
    expect(await deliveredTimes(database, occurrences)).toEqual([1]);
  });

  // The three wait for the heartbeat to be missed: together.
  test.concurrent.for([
    ['before its statement has had an effect', 'lost'],
    ['while its statement, left alone at the server, still takes effect', 'done'],
  ] as const)('by SIGKILL %s loses no job and does none twice', async ([_when, statement], { expect }) => {
    await using database = await migratedDatabase();
    await using producer = await createProducer(database);
    await using victim = await startWorker(database.appUrl, PATIENT);
    await victim.ready();
    const lock = await holdDeliveries(database);
    const occurrences = await producer.notify(5);
    await active(database);
    victim.kill('SIGKILL');
    expect(await victim.exited).toEqual({ code: null, signal: 'SIGKILL' });
    const killedAt = performance.now();
    if (statement === 'lost')
      await database.query(
        `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND application_name = 'taskmanager-worker'`,
      );
    await lock.release();

    await using successor = await startWorker(database.appUrl);
    await successor.ready();
    await patiently('every job done', async () => (await unfinished(database)) === 0);
    console.log(`jobs of a killed worker done after ${((performance.now() - killedAt) / 1000).toFixed(1)} s`);
    expect(await deliveredTimes(database, occurrences)).toEqual([1, 1, 1, 1, 1]);
    const page = await successor.metrics();
    const of = (outcome: string) => series(page, 'worker_jobs_total', { queue: 'notification', outcome });
    expect([of('completed'), of('duplicate')]).toEqual(statement === 'lost' ? [5, 0] : [3, 2]);
  });

  test.concurrent('by SIGKILL again and again under a backlog does each job once', async ({ expect }) => {
    await using database = await migratedDatabase();
    await using producer = await createProducer(database);
    const occurrences = await producer.notify(3_000);
    for (let life = 0; life < 3; life++) {
      await using worker = await startWorker(database.appUrl);
      const before = await deliveredCount(database);
      await patiently('some work done', async () => {
        const now = await deliveredCount(database);
        if (now > before + 50 || now === occurrences.length) return true;
        throw new Error(`${before} deliveries before, ${now} now`);
      });
      worker.kill('SIGKILL');
      await worker.exited;
    }
    await using survivor = await startWorker(database.appUrl);
    await patiently('every job done', async () => (await unfinished(database)) === 0);
    expect(new Set(await deliveredTimes(database, occurrences))).toEqual(new Set([1]));
    await survivor.stop();
  });
});

async function deliveredCount(database: MigratedDatabase): Promise<number> {
  const [row] = await database.query<{ n: number }>('SELECT count(*)::int AS n FROM notifications');
  return row?.n ?? 0;
}
