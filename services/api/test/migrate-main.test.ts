/** The step before the API that migrates as the schema's owner: an init container in Kubernetes. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { createTestDatabase, startProgram, temporaryFolder } from '@lab/testing';
import pg from 'pg';
import { expect, test } from 'vitest';

const FOLDER = join(import.meta.dirname, '..');

test('of two at once one migrates and the other finds nothing to do; then the API is ready without the right to', async () => {
  await using folder = await temporaryFolder();
  await using database = await createTestDatabase();
  const both = await Promise.all([migrateOnce(database.ownerUrl), migrateOnce(database.ownerUrl)]);
  for (const { status, stdout, stderr } of both) {
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    // One JSON line each: Fluentd takes them as it takes the API's.
    expect(JSON.parse(stdout)).toMatchObject({
      'service.name': 'taskmanager-api',
      message: 'schema and queues are those of this version',
    });
  }
  await using api = await startProgram({
    name: 'taskmanager-api',
    folder: 'api',
    logFolder: folder.path,
    env: {
      PORT: '0',
      SESSION_SECRET: 'of the tests, at least 32 characters',
      DATABASE_URL: database.appUrl,
    },
  });
  await api.ready();
});

test('ends with 1 and says why where the migration cannot work', async () => {
  await using database = await createTestDatabase();
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  await owner.query('CREATE TABLE users ()').finally(() => owner.end());
  const { status, stderr } = await migrateOnce(database.ownerUrl);
  expect(status).toBe(1);
  expect(stderr).toContain('relation "users" already exists');
});

test('ends with 2 where it is not told the database', async () => {
  const { status, stderr } = await migrateOnce('');
  expect(status).toBe(2);
  expect(stderr).toContain('MIGRATION_DATABASE_URL: expected a URL of the form postgres://');
});

function migrateOnce(
  url: string,
): Promise<{ status: number | string | null | undefined; stdout: string; stderr: string }> {
  const env = { PATH: process.env['PATH'], TZ: 'UTC', MIGRATION_DATABASE_URL: url };
  return new Promise((resolve) => {
    execFile(process.execPath, ['src/migrate-main.ts'], { cwd: FOLDER, env }, (error, stdout, stderr) =>
      resolve({ status: error ? error.code : 0, stdout, stderr }),
    );
  });
}
