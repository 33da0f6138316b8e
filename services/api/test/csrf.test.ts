import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMigratedDatabase } from './support/migrated-database.ts';
import { type RunningApi, runApi } from './support/running-api.ts';

let database: Awaited<ReturnType<typeof createMigratedDatabase>>;
let running: RunningApi;

beforeAll(async () => {
  database = await createMigratedDatabase();
  running = await runApi({ databaseUrl: database.appUrl });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

describe('a change', () => {
  test.each([
    ['without the header', { 'x-requested-with': undefined }],
    ['with another value of it', { 'x-requested-with': 'XMLHttpRequest' }],
    ['from a page of another site', { 'sec-fetch-site': 'cross-site' }],
    ['from another origin of the same site', { 'sec-fetch-site': 'same-site' }],
    ['with an Origin of another site', { origin: 'https://evil.example' }],
    ['with an Origin that ends in our host', { origin: 'http://evil.example#127.0.0.1' }],
    ['with the Origin of a sandboxed frame', { origin: 'null' }],
    ['with an Origin on another port', { origin: 'http://127.0.0.1:1' }],
  ])('%s is refused and does nothing', async (_, headers) => {
    const me = await running.somebody();
    const answer = await me.problem('POST', '/tasks', { body: { title: 'Forged' }, headers });
    expect(answer).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await me.request('GET', '/tasks')).toMatchObject({ body: { items: [] } });
  });

  test('from our own origin, asked directly or through our proxy, is taken', async () => {
    const me = await running.somebody();
    const create = (headers: Record<string, string>) =>
      me.request('POST', '/tasks', { body: { title: 'Mine' }, headers });
    expect((await create({ origin: running.origin, 'sec-fetch-site': 'same-origin' })).status).toBe(201);
    const proxied = { origin: 'https://tasks.example', 'x-forwarded-host': 'tasks.example' };
    expect((await create(proxied)).status).toBe(201);
  });
});

test('a login that another site sends is refused too', async () => {
  const answer = await running.client().problem('POST', '/users/login', {
    body: { email: 'me@example.org', password: 'x' },
    headers: { 'sec-fetch-site': 'cross-site' },
  });
  expect(answer.status).toBe(403);
});

test('reading needs no header', async () => {
  const me = await running.somebody();
  const answer = await me.request('GET', '/users/me', { headers: { 'x-requested-with': undefined } });
  expect(answer.status).toBe(200);
});

test('with PUBLIC_ORIGIN set no other origin is taken, whatever the Host says', async () => {
  await using strict = await runApi({ databaseUrl: database.appUrl, publicOrigin: 'https://tasks.example' });
  const create = (origin: string) =>
    strict.client().request('POST', '/users/logout', { headers: { origin } });
  expect((await create(strict.origin)).status).toBe(403);
  expect((await create('https://tasks.example')).status).toBe(204);
});
