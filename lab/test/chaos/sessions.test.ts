import { createTestDatabase, eventually } from '@lab/testing';
import pg from 'pg';
import { expect, test } from 'vitest';
import { type Action, perform, undo } from '../../src/chaos/experiment/actions.ts';
import { SESSION_NAME } from '../../src/chaos/target/sessions.ts';
import type { Target } from '../../src/chaos/target/target.ts';

async function withDatabase(
  work: (given: {
    /** Performs an action that ends by itself after so many seconds. */
    open(action: Action, ttlSeconds: number): Promise<void>;
    endSessions(): Promise<void>;
    client: pg.Client;
    sessions(): Promise<number>;
  }) => Promise<void>,
): Promise<void> {
  await using database = await createTestDatabase();
  const databases = { ownerUrl: database.ownerUrl, superuserUrl: database.superuserUrl };
  const open = (action: Action, ttlSeconds: number) => perform(action, { databases, ttlSeconds } as Target);
  const endSessions = () => undo({ undo: 'end-sessions' }, { databases } as Target);
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  try {
    await owner.query('CREATE TABLE IF NOT EXISTS tasks (id int)');
    const sessions = async () => {
      const { rows } = await owner.query(
        'SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()',
        [SESSION_NAME],
      );
      return (rows[0] as { n: number }).n;
    };
    await work({ open, endSessions, client: owner, sessions });
  } finally {
    await endSessions();
    await owner.end();
  }
}

test('a locked table answers nobody until the rollback', async () => {
  await withDatabase(async ({ open, endSessions, client, sessions }) => {
    await open({ do: 'lock-table', table: 'tasks' }, 60);
    await client.query('SET statement_timeout = 200');
    await expect(client.query('SELECT FROM tasks')).rejects.toThrow('statement timeout');
    await endSessions();
    await eventually('no session of the lab’s own', async () => (await sessions()) === 0);
    await client.query('SELECT FROM tasks');
  });
});

test('a lock ends by itself after its time to live', async () => {
  await withDatabase(async ({ open, client, sessions }) => {
    await open({ do: 'lock-table', table: 'tasks' }, 0.3);
    await eventually('no session of the lab’s own', async () => (await sessions()) === 0);
    await client.query('SELECT FROM tasks');
  });
});

test('a long transaction stays open until the rollback', async () => {
  await withDatabase(async ({ open, endSessions, client, sessions }) => {
    await open({ do: 'long-transaction' }, 60);
    const { rows } = await client.query(
      `SELECT FROM pg_stat_activity WHERE application_name = $1 AND xact_start IS NOT NULL`,
      [SESSION_NAME],
    );
    expect(rows.length).toBe(1);
    await endSessions();
    await eventually('no session of the lab’s own', async () => (await sessions()) === 0);
  });
});

test('crossed locks are a deadlock for Postgres', async () => {
  await withDatabase(async ({ open, client }) => {
    await open({ do: 'deadlocks' }, 30);
    await eventually('a deadlock to be counted', async () => {
      const { rows } = await client.query(
        'SELECT deadlocks::int AS n FROM pg_stat_database WHERE datname = current_database()',
      );
      return (rows[0] as { n: number }).n > 0;
    });
  });
});

test('a storm of queries reads its own table, and the rollback removes it', async () => {
  await withDatabase(async ({ open, endSessions, client }) => {
    const ballast = async () =>
      (await client.query(`SELECT FROM pg_class WHERE relname = 'lab_chaos_ballast'`)).rows.length;
    await open({ do: 'query-storm', sessions: 1 }, 60);
    expect(await ballast()).toBe(1);
    await endSessions();
    expect(await ballast()).toBe(0);
  });
});

test('a rollback without anything to undo changes nothing', async () => {
  await withDatabase(async ({ endSessions }) => {
    await endSessions();
    await endSessions();
  });
});
