import { randomUUID } from 'node:crypto';
import { createTestDatabase, type TestDatabase } from '@lab/testing';
import pg from 'pg';
import { migrate } from 'taskmanager-api/migrate';

/** A database as the api leaves it after its migration, and a superuser's eyes and hands in it. */
export interface MigratedDatabase extends TestDatabase {
  query<R extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<R[]>;
  /** A connection of the test's own, for locks; ended with the database. */
  connect(): Promise<pg.Client>;
  /** A task of an account of its own. */
  insertTask(task?: {
    title?: string;
    dueAt?: string;
    status?: string;
  }): Promise<{ taskId: string; userId: string }>;
}

export async function migratedDatabase(): Promise<MigratedDatabase> {
  const database = await createTestDatabase();
  await migrate({ databaseUrl: database.ownerUrl });
  const clients: pg.Client[] = [];
  const connect = async () => {
    const client = new pg.Client({ connectionString: database.superuserUrl });
    // The database is dropped, or restarted, below it.
    client.on('error', () => {});
    clients.push(client);
    await client.connect();
    return client;
  };
  const eyes = await connect();
  const query = async <R extends pg.QueryResultRow>(text: string, values: unknown[] = []) =>
    (await eyes.query<R>(text, values)).rows;
  return {
    ...database,
    query,
    connect,
    async insertTask({ title = 'Water the plants', dueAt, status = 'open' } = {}) {
      const [user] = await query<{ id: string }>(
        `INSERT INTO users (email, display_name, password_hash) VALUES ($1, 'Someone', 'none') RETURNING id`,
        [`${randomUUID()}@load.invalid`],
      );
      const [task] = await query<{ id: string }>(
        `INSERT INTO tasks (owner_id, title, due_at, status, completed_at)
         VALUES ($1, $2, $3, $4, CASE WHEN $4 = 'completed' THEN now() END) RETURNING id`,
        [user?.id, title, dueAt ?? null, status],
      );
      if (!user || !task) throw new Error('expected the inserted rows');
      return { taskId: task.id, userId: user.id };
    },
    async [Symbol.asyncDispose]() {
      for (const client of clients)
        await client.end().catch(() => {
          // Already gone with its server.
        });
      await database[Symbol.asyncDispose]();
    },
  };
}
