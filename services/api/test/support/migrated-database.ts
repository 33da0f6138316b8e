import { createTestDatabase, type TestDatabase } from '@lab/testing';
import pg from 'pg';
import { inject } from 'vitest';
import { migrate } from '../../src/database/migrate.ts';

const TEMPLATE = 'api_template';

/** A database of the test's own with the API's schema: a copy of one that was migrated once a run. */
export async function createMigratedDatabase(): Promise<TestDatabase> {
  await ensureTemplate();
  return createTestDatabase(TEMPLATE);
}

async function ensureTemplate(): Promise<void> {
  const adminUrl = inject('postgresUrl');
  const admin = new pg.Client({ connectionString: adminUrl });
  await admin.connect();
  try {
    // Test files run in several processes; the first one makes it.
    await admin.query('SELECT pg_advisory_lock(1)');
    const { rowCount } = await admin.query('SELECT FROM pg_database WHERE datname = $1', [TEMPLATE]);
    if (rowCount !== 0) return;
    await admin.query(`CREATE DATABASE ${TEMPLATE}_new OWNER taskmanager`);
    const url = new URL(adminUrl);
    url.username = 'taskmanager';
    url.password = 'owner';
    url.pathname = `/${TEMPLATE}_new`;
    await migrate({ databaseUrl: url.href });
    await admin.query(`ALTER DATABASE ${TEMPLATE}_new RENAME TO ${TEMPLATE}`);
  } finally {
    await admin.end();
  }
}
