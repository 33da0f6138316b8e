import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { createTestDatabase } from '@lab/testing';
import pg from 'pg';
import { PgBoss } from 'pg-boss';
import { expect, test } from 'vitest';
import { BOSS_OPTIONS, QUEUES } from '../src/contract/jobs.ts';
import { migrate } from '../src/database/migrate.ts';

test('migrating again changes nothing', async () => {
  await using database = await createTestDatabase();
  await migrate({ databaseUrl: database.ownerUrl });
  const once = await describeSchema(database.superuserUrl);
  await migrate({ databaseUrl: database.ownerUrl });
  expect(await describeSchema(database.superuserUrl)).toEqual(once);
  expect(once.length).toBeGreaterThan(50);
});

test('two processes migrating at once both succeed', async () => {
  await using database = await createTestDatabase();
  const script = `import { migrate } from ${JSON.stringify(import.meta.resolve('../src/database/migrate.ts'))};
    await migrate({ databaseUrl: process.argv[1] });`;
  const run = () =>
    promisify(execFile)(process.execPath, ['--input-type=module', '-e', script, database.ownerUrl]);
  await Promise.all([run(), run(), run()]);
  const migrations = await execute(database.superuserUrl, 'SELECT name FROM schema_migrations ORDER BY id');
  expect(migrations.rows.length).toBe(3);
});

test('the application can send, fetch and complete jobs without owning anything', async () => {
  await using database = await createTestDatabase();
  await migrate({ databaseUrl: database.ownerUrl });
  const boss = new PgBoss({ ...BOSS_OPTIONS, connectionString: database.appUrl, max: 2 });
  const errors: Error[] = [];
  boss.on('error', (error) => errors.push(error));
  await boss.start();
  try {
    for (const { name } of QUEUES) {
      await boss.send(name, { text: 'hello' });
      const [job] = await boss.fetch(name);
      expect(job?.data).toEqual({ text: 'hello' });
      await boss.complete(name, job?.id ?? '');
    }
    await boss.supervise();
    expect(await boss.getQueue('reminder')).toMatchObject({ retryLimit: 8, deadLetter: 'dead-letter' });
  } finally {
    await boss.stop({ graceful: false });
  }
  expect(errors).toEqual([]);
  await expect(execute(database.appUrl, 'CREATE TABLE mine ()')).rejects.toThrow('permission denied');
  await expect(execute(database.appUrl, 'DROP TABLE tasks')).rejects.toThrow('must be owner');
  await expect(execute(database.appUrl, 'TRUNCATE pgboss.job')).rejects.toThrow('permission denied');
});

/** Every column, index and right of the database, one line each. */
async function describeSchema(url: string): Promise<string[]> {
  const { rows } = await execute(
    url,
    `SELECT format('%s.%s.%s %s', table_schema, table_name, column_name, data_type) AS line
       FROM information_schema.columns WHERE table_schema IN ('public', 'pgboss')
     UNION ALL SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'pgboss')
     UNION ALL SELECT format('%s %s.%s %s', grantee, table_schema, table_name, privilege_type)
       FROM information_schema.role_table_grants WHERE table_schema IN ('public', 'pgboss')
     UNION ALL SELECT (to_jsonb(queue) - 'updated_on')::text FROM pgboss.queue
     UNION ALL SELECT name FROM schema_migrations
     ORDER BY 1`,
  );
  return rows.map(({ line }) => String(line));
}

async function execute(connectionString: string, text: string): Promise<pg.QueryResult> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return await client.query(text);
  } finally {
    await client.end();
  }
}
