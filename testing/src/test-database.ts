import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { inject } from 'vitest';
import './postgres-global-setup.ts';

/** A database of the test's own; the passwords of the roles are `owner`, `app` and `exporter`. */
export interface TestDatabase extends AsyncDisposable {
  name: string;
  /** URL of `taskmanager`, who owns the database and runs migrations. */
  ownerUrl: string;
  /** URL of `taskmanager_app`, as which api and worker run. */
  appUrl: string;
  /** URL of `postgres_exporter`, who reads statistics. */
  exporterUrl: string;
  /** URL of the superuser. */
  superuserUrl: string;
}

/** Creates an empty database, or a copy of `template` (nobody may be connected to it); dropped by `await using`. */
export async function createTestDatabase(template = 'template1'): Promise<TestDatabase> {
  const admin = inject('postgresUrl');
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  await execute(admin, `CREATE DATABASE ${name} TEMPLATE ${template} OWNER taskmanager`);
  const url = (user: string, password: string) => {
    const parsed = new URL(admin);
    parsed.username = user;
    parsed.password = password;
    parsed.pathname = `/${name}`;
    return parsed.href;
  };
  return {
    name,
    ownerUrl: url('taskmanager', 'owner'),
    appUrl: url('taskmanager_app', 'app'),
    exporterUrl: url('postgres_exporter', 'exporter'),
    superuserUrl: url('postgres', new URL(admin).password),
    [Symbol.asyncDispose]: () => execute(admin, `DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  };
}

async function execute(connectionString: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
