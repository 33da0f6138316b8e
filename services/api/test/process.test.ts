/** The program as it is started in production: its exits, its shutdown under load, its readiness. */
import { once } from 'node:events';
import { Agent, createServer, request } from 'node:http';
import { createTestDatabase, eventually, freePort, startProgram, temporaryFolder } from '@lab/testing';
import pg from 'pg';
import { expect, test } from 'vitest';

const SESSION_SECRET = 'of the tests, at least 32 characters';

test('a wrong variable stops the start with exit 2, naming it on stderr', async () => {
  await using folder = await temporaryFolder();
  await using api = await start(folder.path, { DATABASE_URL: 'mysql://u:p@h/d', PORT: 'high' });
  expect(await api.exited).toEqual({ code: 2, signal: null });
  expect(api.output()).toContain(
    'taskmanager-api cannot start: DATABASE_URL: expected a URL of the form postgres://',
  );
  expect(api.output()).toContain(
    'taskmanager-api cannot start: PORT: expected a whole number from 0 to 65535, got "high"',
  );
  expect(api.output()).not.toContain('    at ');
});

test('a port that is taken stops the start with exit 1 and one line that names it', async () => {
  await using folder = await temporaryFolder();
  await using database = await createTestDatabase();
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  try {
    const PORT = String((taken.address() as { port: number }).port);
    await using api = await start(folder.path, { PORT, DATABASE_URL: database.appUrl });
    expect(await api.exited).toEqual({ code: 1, signal: null });
    expect(api.output()).toMatch(new RegExp(`^taskmanager-api cannot start: .*${PORT}`));
  } finally {
    taken.close();
  }
});

test('a migration that cannot work stops the start with exit 1 and says why', async () => {
  await using folder = await temporaryFolder();
  await using database = await createTestDatabase();
  await execute(database.ownerUrl, 'CREATE TABLE users ()');
  await using api = await start(folder.path, {
    DATABASE_URL: database.appUrl,
    MIGRATION_DATABASE_URL: database.ownerUrl,
  });
  expect(await api.exited).toEqual({ code: 1, signal: null });
  expect(api.output()).toContain('relation "users" already exists');
});

test('without the right to migrate it waits, not ready, until somebody has', async () => {
  await using folder = await temporaryFolder();
  await using database = await createTestDatabase();
  await using waiting = await start(folder.path, { DATABASE_URL: database.appUrl });
  const readiness = async () => (await fetch(`${waiting.managementUrl}/readyz`)).status;
  await eventually('it answers', async () => (await readiness()) === 503);
  await using second = await temporaryFolder();
  await using migrating = await start(second.path, {
    DATABASE_URL: database.appUrl,
    MIGRATION_DATABASE_URL: database.ownerUrl,
  });
  await migrating.ready();
  await waiting.ready();
});

test('SIGTERM under load: every request that was taken is answered, then it exits with 0', async () => {
  await using folder = await temporaryFolder();
  await using database = await createTestDatabase();
  const PORT = String(await freePort());
  await using api = await start(folder.path, {
    PORT,
    DATABASE_URL: database.appUrl,
    MIGRATION_DATABASE_URL: database.ownerUrl,
  });
  await api.ready();
  const cookie = await logIn(`http://127.0.0.1:${PORT}`);

  const agent = new Agent({ keepAlive: true, maxSockets: 16 });
  const outcomes: string[] = [];
  let on = true;
  const caller = async (number: number) => {
    for (let i = 0; on; i += 1) {
      const outcome = await createTask(agent, PORT, cookie, `Task ${number}.${i}`);
      outcomes.push(outcome);
      if (outcome !== '201') return;
    }
  };
  const callers = Array.from({ length: 16 }, (_, number) => caller(number));
  await eventually('load is served', () => outcomes.length > 100);
  const exit = await api.stop();
  on = false;
  await Promise.all(callers);
  agent.destroy();

  expect(exit).toEqual({ code: 0, signal: null });
  // The only way not to be served is not to get a connection, or one that was closed before anything was sent on it.
  expect([...new Set(outcomes)].filter((outcome) => !/^(201|not sent)$/.test(outcome))).toEqual([]);
  const answered = outcomes.filter((outcome) => outcome === '201').length;
  const { rows } = await execute(database.superuserUrl, 'SELECT count(*)::integer AS count FROM tasks');
  expect(rows[0]?.count).toBe(answered);
  const lines = await api.logLines();
  const logged = lines.filter((line) => line['http.route'] === '/api/v1/tasks').length;
  expect(logged).toBe(answered);
});

function start(logFolder: string, env: Record<string, string>) {
  return startProgram({
    name: 'taskmanager-api',
    folder: 'api',
    logFolder,
    env: { PORT: '0', SESSION_SECRET, ...env },
  });
}

/** The status; `not sent` where the connection was refused, or gone before the server can have seen the request. */
function createTask(agent: Agent, port: string, cookie: string, title: string): Promise<string> {
  return new Promise((resolve) => {
    const sent = request(
      {
        agent,
        host: '127.0.0.1',
        port,
        method: 'POST',
        path: '/api/v1/tasks',
        headers: { 'content-type': 'application/json', 'x-requested-with': 'taskmanager', cookie },
      },
      (response) => {
        response.resume();
        response.on('end', () => resolve(String(response.statusCode)));
        response.on('error', (error) => resolve(`cut off: ${error.message}`));
      },
    );
    sent.on('error', (error: NodeJS.ErrnoException) => {
      const refused = error.code === 'ECONNREFUSED';
      // Node retries nothing; this is the race of a keep-alive connection that is closed while a request sets out.
      const raced = sent.reusedSocket && (error.code === 'ECONNRESET' || error.code === 'EPIPE');
      resolve(refused || raced ? 'not sent' : `failed: ${error.message}`);
    });
    sent.end(JSON.stringify({ title }));
  });
}

async function logIn(origin: string): Promise<string> {
  const headers = { 'content-type': 'application/json', 'x-requested-with': 'taskmanager' };
  const account = { email: 'me@example.org', password: 'long enough for it' };
  const post = (path: string, body: unknown) =>
    fetch(`${origin}/api/v1${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
  await (await post('/users', { ...account, displayName: 'Me' })).arrayBuffer();
  const response = await post('/users/login', account);
  await response.arrayBuffer();
  return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
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
