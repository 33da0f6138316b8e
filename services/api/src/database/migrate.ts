/**
 * Brings a database to the schema this version needs: our own tables (migrations/*.sql), then pg-boss's. Runs as
 * the owner; the application itself has no right to change the schema.
 */
import { join } from 'node:path';
import { runner } from 'node-pg-migrate';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { BOSS_OPTIONS, QUEUE_SCHEMA, QUEUES } from '../contract/jobs.ts';

const MIGRATIONS = join(import.meta.dirname, '..', '..', 'migrations');

/** Any number of ours: whoever holds it migrates, others wait and then find nothing to do. */
const ADVISORY_LOCK = 7_061_912_004;

export interface MigrateOptions {
  /** URL of the role that owns the database. */
  databaseUrl: string;
  /** Told each step. */
  log?: (message: string) => void;
}

/**
 * Migrates; repeating it changes nothing, and several processes may try at once.
 * @throws Error of the failing statement; each step is one transaction, so nothing half-done stays.
 */
export async function migrate({ databaseUrl, log = () => {} }: MigrateOptions): Promise<void> {
  const client = new pg.Client({
    connectionString: databaseUrl,
    connectionTimeoutMillis: 5_000,
    keepAlive: true,
    application_name: 'taskmanager-api migration',
  });
  // A connection that dies between two statements; the statement after it fails with the reason.
  client.on('error', (error) => log(`migration connection: ${error.message}`));
  await client.connect();
  try {
    await client.query('SELECT pg_advisory_lock($1)', [ADVISORY_LOCK]);
    await runner({
      dbClient: client,
      dir: MIGRATIONS,
      direction: 'up',
      migrationsTable: 'schema_migrations',
      singleTransaction: true,
      noLock: true,
      log,
    });
    await installQueues(client, log);
  } finally {
    // Ends the session and with it the lock.
    await client.end();
  }
}

/** pg-boss's schema, our queues, and the application's rights on them. */
async function installQueues(client: pg.Client, log: (message: string) => void): Promise<void> {
  const boss = new PgBoss({
    ...BOSS_OPTIONS,
    migrate: true,
    createSchema: true,
    supervise: false,
    registerInstance: false,
    db: { executeSql: (text, values) => client.query(text, values) },
  });
  boss.on('error', (error) => log(`pg-boss: ${error.message}`));
  try {
    await boss.start();
    for (const { name, ...options } of QUEUES) {
      await boss.createQueue(name, options);
      // Making a queue that exists changes nothing; new options reach it so.
      await boss.updateQueue(name, options);
    }
  } finally {
    await boss.stop({ graceful: false });
  }
  await client.query(`
    GRANT USAGE ON SCHEMA ${QUEUE_SCHEMA} TO taskmanager_app;
    GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA ${QUEUE_SCHEMA} TO taskmanager_app;
    GRANT USAGE ON ALL SEQUENCES IN SCHEMA ${QUEUE_SCHEMA} TO taskmanager_app;
  `);
}
