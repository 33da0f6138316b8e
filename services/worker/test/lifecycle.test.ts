import { once } from 'node:events';
import { createServer } from 'node:http';
import { createTestDatabase, freePort, patiently, startOwnPostgres, startTcpProxy } from '@lab/testing';
import pg from 'pg';
import { migrate } from 'taskmanager-api/migrate';
import { describe, expect, test, vi } from 'vitest';
import { type MigratedDatabase, migratedDatabase } from './migrated-database.ts';
import { createProducer, series, startWorker } from './worker-process.ts';

// Several processes on few cores: as long as it takes.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const readiness = async (worker: { managementUrl: string }) =>
  (await fetch(`${worker.managementUrl}/readyz`)).status;

const delivered = (database: Pick<MigratedDatabase, 'query'>, occurrences: string[]) =>
  patiently('every occurrence delivered', async () => {
    const rows = await database.query('SELECT FROM notifications WHERE occurrence_id = ANY($1)', [
      occurrences,
    ]);
    return rows.length === occurrences.length;
  });

describe('the life of taskmanager-worker', () => {
  test('waits, alive but not ready, until the api has migrated the database', async () => {
    await using database = await createTestDatabase();
    await using worker = await startWorker(database.appUrl);
    await patiently('the wait in its log', async () =>
      (await worker.logLines()).some(
        (line) => line['message'] === 'waiting for the database and its migration',
      ),
    );
    expect((await fetch(`${worker.managementUrl}/healthz`)).status).toBe(200);
    const answer = await fetch(`${worker.managementUrl}/readyz`);
    expect(answer.status).toBe(503);
    expect(JSON.stringify(await answer.json())).toContain('waiting for the database and its migration');
    await migrate({ databaseUrl: database.ownerUrl });
    await worker.ready();
    expect((await worker.stop()).code).toBe(0);
  });

  test('ends with 0 on SIGTERM even while it waits for a database that is not there', async () => {
    await using worker = await startWorker(`postgres://nobody:none@127.0.0.1:${await freePort()}/nothing`);
    await patiently('the wait in its log', async () => (await worker.logLines()).length > 1);
    expect((await worker.stop()).code).toBe(0);
  });

  test('outlives a restart of the database and goes on with what was enqueued', async () => {
    await using postgres = await startOwnPostgres();
    await migrate({ databaseUrl: postgres.ownerUrl });
    await using worker = await startWorker(postgres.appUrl);
    await worker.ready();

    await postgres.stop();
    await patiently('not ready', async () => (await readiness(worker)) === 503);
    const page = await worker.metrics();
    expect(series(page, 'worker_queue_depth', { queue: 'notification' })).toBeDefined();
    await postgres.start();
    const backAt = performance.now();
    await worker.ready();
    console.log(`ready ${((performance.now() - backAt) / 1000).toFixed(1)} s after the database came back`);

    await using cleanup = new AsyncDisposableStack();
    const pool = new pg.Pool({ connectionString: postgres.superuserUrl, max: 1 });
    cleanup.defer(() => pool.end());
    const query: MigratedDatabase['query'] = async (text, values) => (await pool.query(text, values)).rows;
    const [user] = await query<{ id: string }>(
      `INSERT INTO users (email, display_name, password_hash) VALUES ('a@load.invalid', 'A', 'none') RETURNING id`,
    );
    const [task] = await query<{ id: string }>(
      `INSERT INTO tasks (owner_id, title) VALUES ($1, 'T') RETURNING id`,
      [user?.id],
    );
    const occurrence = crypto.randomUUID();
    const payload = { kind: 'task_completed', occurrenceId: occurrence, taskId: task?.id, userId: user?.id };
    await query(`INSERT INTO pgboss.job (name, data) VALUES ('notification', $1)`, [payload]);
    await delivered({ query }, [occurrence]);
    const lines = await worker.logLines();
    // Polls fail twice a second; a restart of some seconds is no reason to fill a disk.
    expect(lines.filter((line) => line['log.level'] === 'warn').length).toBeLessThan(20);
  });

  test('answers a scrape at once while the database hangs, and works again when it no longer does', async () => {
    await using database = await migratedDatabase();
    await using producer = await createProducer(database);
    const direct = new URL(database.appUrl);
    await using proxy = await startTcpProxy(Number(direct.port));
    direct.port = String(proxy.port);
    await using worker = await startWorker(direct.href);
    await worker.ready();
    proxy.stall();
    // The check of the database has a timeout, so readiness answers too.
    expect(await readiness(worker)).toBe(503);
    const start = performance.now();
    expect(await worker.metrics()).toContain('worker_queue_depth');
    console.log(`scrape with a hanging database: ${(performance.now() - start).toFixed(0)} ms`);
    const occurrences = await producer.notify(3);
    proxy.resume();
    await worker.ready();
    await delivered(database, occurrences);
  });

  test('exits with 2 and says what is wrong with a variable', async () => {
    await using worker = await startWorker('mysql://u:verysecretpassword@h/d', { WORKER_CONCURRENCY: '-1' });
    expect(await worker.exited).toEqual({ code: 2, signal: null });
    expect(worker.output()).toContain(
      'taskmanager-worker cannot start: WORKER_CONCURRENCY: expected a whole number from 1 to 50, got "-1"',
    );
    expect(worker.output()).toContain('DATABASE_URL: expected a URL of the form');
    expect(worker.output()).not.toContain('verysecretpassword');
  });

  test('exits with 1 when its management port is taken, naming the port', async () => {
    await using database = await createTestDatabase();
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const address = other.address();
    const port = typeof address === 'object' && address ? String(address.port) : '';
    try {
      await using worker = await startWorker(database.appUrl, { MANAGEMENT_PORT: port });
      expect((await worker.exited).code).toBe(1);
      expect(JSON.stringify(await worker.logLines())).toContain(port);
    } finally {
      other.close();
    }
  });
});
