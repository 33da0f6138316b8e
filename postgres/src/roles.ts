/** Applies postgres/roles.sql, the same file that full mode's image runs, and makes the lab's database. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';

export interface RolePasswords {
  owner: string;
  app: string;
  exporter: string;
}

/**
 * Makes the three roles and the database `taskmanager`, owned by `taskmanager`; repeating it only sets passwords.
 * @param superuserUrl connection URL of `postgres` to the database `postgres`.
 */
export async function applyRoles(superuserUrl: string, passwords: RolePasswords): Promise<void> {
  const client = new pg.Client({ connectionString: superuserUrl });
  await client.connect();
  try {
    for (const [name, value] of Object.entries(passwords)) {
      await client.query('SELECT set_config($1, $2, false)', [`lab.${name}_password`, value]);
    }
    await client.query(await readFile(join(import.meta.dirname, '..', 'roles.sql'), 'utf8'));
    const { rowCount } = await client.query(`SELECT FROM pg_database WHERE datname = 'taskmanager'`);
    if (rowCount === 0) await client.query('CREATE DATABASE taskmanager OWNER taskmanager');
  } finally {
    await client.end();
  }
}
