/**
 * Takes out what loads have made: every account whose address ends in @load.invalid, its tasks, notifications, sessions and
 * queued jobs. Needs the database's owner: the application itself may not delete accounts.
 */
import pg from 'pg';
import { LOAD_DOMAIN } from './people.ts';

export interface Removed {
  accounts: number;
  tasks: number;
}

/** Short transactions, so that whoever uses the application meanwhile is not kept waiting. */
const BATCH = 5_000;
const MARKED = `SELECT id FROM users WHERE email LIKE '%@${LOAD_DOMAIN}'`;

/** @param databaseUrl of the owner. @throws Error of the statement that failed; what was removed before stays removed. */
export async function removeLoadData(databaseUrl: string): Promise<Removed> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5_000,
    application_name: 'lab load',
  });
  await client.connect();
  try {
    const tasks = await inBatches(client, 'tasks', 'id', `owner_id IN (${MARKED})`);
    await inBatches(client, 'notifications', 'id', `user_id IN (${MARKED})`);
    await inBatches(client, 'session', 'sid', `sess->>'userId' IN (SELECT id::text FROM (${MARKED}) marked)`);
    await inBatches(
      client,
      'pgboss.job',
      'id',
      `data->>'userId' IN (SELECT id::text FROM (${MARKED}) marked)`,
    );
    // Last, so that a run that is cut off leaves nothing that is not marked any more.
    const accounts = await inBatches(client, 'users', 'id', `id IN (${MARKED})`);
    return { accounts, tasks };
  } finally {
    await client.end();
  }
}

async function inBatches(client: pg.Client, table: string, key: string, where: string): Promise<number> {
  let removed = 0;
  for (;;) {
    const { rowCount } = await client.query(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${where} LIMIT ${BATCH})`,
    );
    removed += rowCount ?? 0;
    if ((rowCount ?? 0) < BATCH) return removed;
  }
}
