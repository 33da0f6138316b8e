import { join } from 'node:path';
import { createTestDatabase, freePort, temporaryFolder } from '@lab/testing';
import pg from 'pg';
import { expect, test } from 'vitest';
import { startPostgres } from '../src/index.ts';

test('a kept data folder is served again with what was in it', async () => {
  await using folder = await temporaryFolder();
  const options = { dataDir: join(folder.path, 'data'), port: await freePort(), superuserPassword: 'p a/ss' };
  {
    await using first = await startPostgres(options);
    await query(first.url(), 'CREATE DATABASE kept');
  }
  await using second = await startPostgres(options);
  expect(await query(second.url('kept'), 'SELECT current_database()')).toEqual([
    { current_database: 'kept' },
  ]);
});

test('a port that is taken ends the start with the server own words', async () => {
  await using folder = await temporaryFolder();
  const port = await freePort();
  await using _first = await startPostgres({ dataDir: join(folder.path, 'a'), port, superuserPassword: 'x' });
  await expect(
    startPostgres({
      dataDir: join(folder.path, 'b'),
      port,
      superuserPassword: 'x',
      settings: { shared_buffers: '1MB' },
    }),
  ).rejects.toThrow(/could not bind|Address already in use/);
});

test('the application role creates no table', async () => {
  await using database = await createTestDatabase();
  await expect(query(database.appUrl, 'CREATE TABLE intruder (id int)')).rejects.toThrow(/permission denied/);
});

test('the exporter gives up on the size of a locked table instead of waiting', async () => {
  await using database = await createTestDatabase();
  const owner = new pg.Client({ connectionString: database.ownerUrl });
  await owner.connect();
  try {
    await owner.query('CREATE TABLE locked (id int)');
    await owner.query('BEGIN');
    await owner.query('LOCK TABLE locked IN ACCESS EXCLUSIVE MODE');
    await expect(query(database.exporterUrl, "SELECT pg_table_size('locked')")).rejects.toThrow(
      /lock timeout/,
    );
  } finally {
    await owner.end();
  }
});

async function query(connectionString: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
