import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createMigratedDatabase } from './support/migrated-database.ts';
import { PASSWORD, type RunningApi, runApi } from './support/running-api.ts';

let database: Awaited<ReturnType<typeof createMigratedDatabase>>;
let running: RunningApi;

beforeAll(async () => {
  database = await createMigratedDatabase();
  running = await runApi({
    databaseUrl: database.appUrl,
    loginLimits: { failures: 3, perMinute: 6 },
  });
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

describe('registration', () => {
  test('answers with the account, without its password, and stores an argon2id hash', async () => {
    const client = running.client();
    const body = { email: 'Ada@Example.org', displayName: ' Ada ', password: PASSWORD };
    const answer = await client.request('POST', '/users', { body });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.any(String),
      email: 'ada@example.org',
      displayName: 'Ada',
      createdAt: expect.any(String),
    });
    const [row] = await rows('SELECT password_hash FROM users WHERE email = $1', ['ada@example.org']);
    expect(row).toEqual({ password_hash: expect.stringMatching(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/) });
  });

  test('of an e-mail that is taken, in whatever case, is a 409 that names the field', async () => {
    const client = running.client();
    await client.register('twice@example.org', PASSWORD);
    const body = { email: 'TWICE@example.org', displayName: 'x', password: PASSWORD };
    const answer = await client.problem('POST', '/users', { body });
    expect(answer.status).toBe(409);
    expect(answer.body).toMatchObject({ code: 'email_taken', errors: [{ field: 'email' }] });
  });

  test('twice at once makes one account', async () => {
    const body = { email: 'race@example.org', displayName: 'x', password: PASSWORD };
    const answers = await Promise.all(
      Array.from({ length: 4 }, () => running.client().request('POST', '/users', { body })),
    );
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409]);
  });

  test('names every wrong field and why, but repeats no value', async () => {
    const body = { email: 'secret-at', displayName: '   ', password: 'short', admin: true };
    const answer = await running.client().problem('POST', '/users', { body });
    expect(answer.status).toBe(400);
    expect(answer.body.errors?.map(({ field }) => field).sort()).toEqual([
      'admin',
      'displayName',
      'email',
      'password',
    ]);
    expect(JSON.stringify(answer.body)).not.toMatch(/secret-at|short"/);
  });

  test.each([
    ['a NUL character', { displayName: 'a\u0000b' }],
    ['a password of 129 characters', { password: 'x'.repeat(129) }],
    ['a number for a name', { displayName: 7 }],
    ['an e-mail of 300 characters', { email: `${'x'.repeat(290)}@example.org` }],
  ])('refuses %s', async (_, wrong) => {
    const body = { email: 'fine@example.org', displayName: 'Fine', password: PASSWORD, ...wrong };
    expect((await running.client().problem('POST', '/users', { body })).status).toBe(400);
  });
});

describe('login', () => {
  test('starts a session under a new id, whose cookie scripts and other sites cannot use', async () => {
    const client = running.client();
    await client.register('grace@example.org', PASSWORD);
    expect((await client.request('GET', '/users/me')).status).toBe(401);

    const first = await client.logIn('GRACE@example.org', PASSWORD);
    expect(first.status).toBe(200);
    const [cookie] = first.headers.getSetCookie();
    expect(cookie).toMatch(/^taskmanager\.sid=.*; Path=\/; Expires=.*; HttpOnly; SameSite=Lax$/);
    const me = await client.request('GET', '/users/me');
    expect(me).toMatchObject({ status: 200, body: first.body });

    const before = client.cookie;
    await client.logIn('grace@example.org', PASSWORD);
    expect(client.cookie).not.toBe(before);
    const old = running.client();
    old.cookie = before;
    expect((await old.request('GET', '/users/me')).status).toBe(401);
  });

  test('behind a proxy that speaks HTTPS sets a cookie that is only sent over it', async () => {
    const client = running.client();
    await client.register('secure@example.org', PASSWORD);
    const answer = await client.request('POST', '/users/login', {
      body: { email: 'secure@example.org', password: PASSWORD },
      headers: { 'x-forwarded-proto': 'https' },
    });
    expect(answer.headers.getSetCookie()[0]).toMatch(/; HttpOnly; Secure; SameSite=Lax$/);
  });

  test('with a wrong password and with an unknown e-mail are answered alike', async () => {
    const client = running.client();
    await client.register('known@example.org', PASSWORD);
    const wrong = await client.problem('POST', '/users/login', {
      body: { email: 'known@example.org', password: 'not it at all' },
    });
    const unknown = await client.problem('POST', '/users/login', {
      body: { email: 'nobody@example.org', password: PASSWORD },
    });
    expect(wrong.status).toBe(401);
    expect({ ...unknown.body, requestId: '' }).toEqual({ ...wrong.body, requestId: '' });
    expect(client.cookie).toBeUndefined();
  });

  test('of one account from one address is limited after wrong passwords, others are not', async () => {
    const client = running.client();
    await client.register('victim@example.org', PASSWORD);
    await client.register('bystander@example.org', PASSWORD);
    for (let i = 0; i < 3; i += 1) {
      expect((await client.logIn('victim@example.org', `guess number ${i}`)).status).toBe(401);
    }
    const limited = await client.problem('POST', '/users/login', {
      body: { email: 'victim@example.org', password: PASSWORD },
    });
    expect(limited.status).toBe(429);
    expect(Number(limited.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await client.logIn('bystander@example.org', PASSWORD)).status).toBe(200);
    // Another address, as our own proxy reports it.
    const elsewhere = await running.client().request('POST', '/users/login', {
      body: { email: 'victim@example.org', password: PASSWORD },
      headers: { 'x-forwarded-for': '203.0.113.7' },
    });
    expect(elsewhere.status).toBe(200);
  });

  test('that succeeds forgets the wrong passwords before it', async () => {
    const client = running.client();
    await client.register('clumsy@example.org', PASSWORD);
    for (const password of ['wrong', 'wrong', PASSWORD, 'wrong', 'wrong']) {
      expect((await client.logIn('clumsy@example.org', password)).status).not.toBe(429);
    }
    expect((await client.logIn('clumsy@example.org', PASSWORD)).status).toBe(200);
  });

  test('many times a minute is limited even with the right password', async () => {
    const client = running.client();
    await client.register('busy@example.org', PASSWORD);
    const statuses = [];
    for (let i = 0; i < 7; i += 1) statuses.push((await client.logIn('busy@example.org', PASSWORD)).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 200, 429]);
  });
});

describe('logout', () => {
  test('ends the session in the database and takes the cookie away', async () => {
    const client = await running.somebody();
    const cookie = client.cookie;
    const answer = await client.request('POST', '/users/logout');
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^taskmanager\.sid=; .*Expires=Thu, 01 Jan 1970/);
    client.cookie = cookie;
    expect((await client.request('GET', '/users/me')).status).toBe(401);
  });

  test('without a session is fine', async () => {
    expect((await running.client().request('POST', '/users/logout')).status).toBe(204);
  });
});

test('a session cookie that was tampered with is nobody', async () => {
  const client = await running.somebody();
  client.cookie = client.cookie?.replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
  expect((await client.request('GET', '/users/me')).status).toBe(401);
});

test('an expired session is nobody', async () => {
  const client = await running.somebody();
  const sid = decodeURIComponent(client.cookie ?? '').match(/s:(.*?)\./)?.[1];
  await rows(`UPDATE session SET expire = now() - interval '1 second' WHERE sid = $1`, [sid]);
  expect((await client.request('GET', '/users/me')).status).toBe(401);
});

test('using a session does not write to it', async () => {
  const client = await running.somebody();
  const sid = decodeURIComponent(client.cookie ?? '').match(/s:(.*?)\./)?.[1];
  const version = () => rows('SELECT xmin::text FROM session WHERE sid = $1', [sid]);
  const before = await version();
  for (let i = 0; i < 3; i += 1) await client.request('GET', '/users/me');
  expect(before).toHaveLength(1);
  expect(await version()).toEqual(before);
});

async function rows(text: string, values: unknown[]): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: database.superuserUrl });
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}
