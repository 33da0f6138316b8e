import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Task, TaskPage } from '../src/contract/tasks.ts';
import { createMigratedDatabase } from './support/migrated-database.ts';
import { type RunningApi, runApi } from './support/running-api.ts';

type Client = Awaited<ReturnType<RunningApi['somebody']>>;
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

describe('pages', () => {
  test('while tasks are made and removed show each task once, newest first, and end', async () => {
    const me = await running.somebody();
    const before: Task[] = [];
    for (let i = 0; i < 25; i += 1) before.push(await me.createTask({ title: `Task ${i}` }));
    const removed = before[3];

    const seen: string[] = [];
    let cursor: string | null = '';
    do {
      const page: TaskPage = await list(me, { limit: '4', ...(cursor ? { cursor } : {}) });
      expect(page.items.length).toBeLessThanOrEqual(4);
      seen.push(...page.items.map(({ title }) => title));
      cursor = page.nextCursor;
      await me.createTask({ title: 'Made in between' });
      if (removed) await me.request('DELETE', `/tasks/${removed.id}`);
    } while (cursor);

    const expected = before.filter((task) => task !== removed).map(({ title }) => title);
    expect(seen).toEqual(expected.reverse());
  });

  test('are 20 long unless asked for 1 to 100; a last full page has no cursor', async () => {
    const me = await running.somebody();
    for (let i = 0; i < 21; i += 1) await me.createTask();
    expect((await list(me, {})).items).toHaveLength(20);
    expect(await list(me, { limit: '21' })).toMatchObject({ nextCursor: null });
    for (const limit of ['0', '101', '1.5', 'x', '-1', '1e9', '']) {
      const answer = await me.problem('GET', `/tasks?limit=${limit}`);
      expect(answer.body.errors).toMatchObject([{ field: 'limit' }]);
    }
  });

  test.each([
    'x',
    Buffer.from('v1:0').toString('base64url'),
    Buffer.from('v1:9999999999999999999').toString('base64url'),
    Buffer.from("v1:1' OR 1=1").toString('base64url'),
    'x'.repeat(500),
  ])('a cursor that nobody was given is refused: %s', async (cursor) => {
    const me = await running.somebody();
    const answer = await me.problem('GET', `/tasks?cursor=${encodeURIComponent(cursor)}`);
    expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'cursor' }] } });
  });
});

describe('filter', () => {
  test('by status, and together with search', async () => {
    const me = await running.somebody();
    const done = await me.createTask({ title: 'Paint the fence' });
    await me.createTask({ title: 'Paint the door' });
    await me.request('POST', `/tasks/${done.id}/complete`);
    expect(titles(await list(me, { status: 'open' }))).toEqual(['Paint the door']);
    expect(titles(await list(me, { status: 'completed', q: 'paint' }))).toEqual(['Paint the fence']);
    expect(titles(await list(me, { status: 'completed', q: 'door' }))).toEqual([]);
  });

  test.each(['status=done', 'status=open&status=open', 'order=asc', '__proto__=1'])(
    'refuses ?%s, naming the parameter',
    async (query) => {
      const me = await running.somebody();
      const answer = await me.problem('GET', `/tasks?${query}`);
      expect(answer.status).toBe(400);
      expect(answer.body.errors?.[0]?.field).toBe(query.split('=')[0]);
    },
  );
});

describe('search', () => {
  let me: Client;
  beforeAll(async () => {
    me = await running.somebody();
    await me.createTask({ title: 'Buy oat milk', description: 'and coffee beans' });
    await me.createTask({ title: 'Milk the goats' });
    await me.createTask({ title: 'Überprüfung der Naïveté', description: '日本語 text' });
  });

  test.each([
    ['milk', 2],
    ['MILK', 2],
    ['coffee', 1],
    ['milk coffee', 1],
    ['"oat milk"', 1],
    ['"milk oat"', 0],
    ['milk -goats', 1],
    ['oat or goats', 2],
    ['überprüfung', 1],
    ['日本語', 1],
    ['nothing of the kind', 0],
    ['   ', 3],
    ['', 3],
  ])('for %j finds %i', async (q, count) => {
    expect((await list(me, { q })).items).toHaveLength(count);
  });

  test.each([
    "'",
    '"',
    '""',
    '\\',
    '&|!():*<->',
    '-',
    '- -',
    'a:*b',
    '%',
    '_',
    ';DROP TABLE tasks',
    '(((',
    '\u202e',
    '🌱',
    'x'.repeat(200),
  ])('for %j is no error', async (q) => {
    await list(me, { q });
  });

  test('for more than 200 characters, or a NUL, is refused', async () => {
    for (const q of ['x'.repeat(201), 'a\u0000b']) {
      const answer = await me.problem('GET', `/tasks?${new URLSearchParams({ q })}`);
      expect(answer).toMatchObject({ status: 400, body: { errors: [{ field: 'q' }] } });
    }
  });
});

function titles({ items }: TaskPage): string[] {
  return items.map(({ title }) => title);
}

async function list(client: Client, query: Record<string, string>): Promise<TaskPage> {
  const answer = await client.request<TaskPage>('GET', `/tasks?${new URLSearchParams(query)}`);
  expect(answer.status).toBe(200);
  return answer.body;
}
