import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Task } from '../src/contract/tasks.ts';
import { createMigratedDatabase } from './support/migrated-database.ts';
import { type RunningApi, runApi } from './support/running-api.ts';

let database: Awaited<ReturnType<typeof createMigratedDatabase>>;
let running: RunningApi;
let me: Awaited<ReturnType<RunningApi['somebody']>>;

beforeAll(async () => {
  database = await createMigratedDatabase();
  running = await runApi({ databaseUrl: database.appUrl });
  me = await running.somebody();
});
afterAll(async () => {
  await running[Symbol.asyncDispose]();
  await database[Symbol.asyncDispose]();
});

describe('creating', () => {
  test('answers with the task, where it lies and its ETag', async () => {
    const body = {
      title: '  Mow the lawn ',
      description: 'before rain',
      priority: 'high',
      dueAt: '2030-05-01T12:00:00+02:00',
      assigneeEmail: 'Gardener@example.org',
    };
    const answer = await me.request<Task>('POST', '/tasks', { body });
    expect(answer.status).toBe(201);
    expect(answer.body).toEqual({
      id: expect.any(String),
      title: 'Mow the lawn',
      description: 'before rain',
      status: 'open',
      priority: 'high',
      dueAt: '2030-05-01T10:00:00.000Z',
      assigneeEmail: 'gardener@example.org',
      createdAt: expect.any(String),
      updatedAt: answer.body.createdAt,
      completedAt: null,
      version: 1,
    });
    expect(answer.headers.get('location')).toBe(`/api/v1/tasks/${answer.body.id}`);
    expect(answer.headers.get('etag')).toBe('"1"');
    const read = await me.request('GET', `/tasks/${answer.body.id}`);
    expect(read).toMatchObject({ status: 200, body: answer.body });
    expect(read.headers.get('etag')).toBe('"1"');
  });

  test.each([
    ['no title', {}],
    ['a blank title', { title: ' \n ' }],
    ['a title of 201 characters', { title: 'x'.repeat(201) }],
    ['a description of 10,001 characters', { title: 'x', description: 'x'.repeat(10_001) }],
    ['an unknown priority', { title: 'x', priority: 'urgent' }],
    ['a due date without a time zone', { title: 'x', dueAt: '2030-05-01T12:00:00' }],
    ['a due date that does not exist', { title: 'x', dueAt: '2030-02-30T12:00:00Z' }],
    ['a due date in the year 0', { title: 'x', dueAt: '0000-01-01T00:00:00Z' }],
    ['a due date beyond 2999', { title: 'x', dueAt: '9999-12-31T23:59:59-23:59' }],
    ['a field that is not known', { title: 'x', status: 'completed' }],
    ['an array', [1]],
  ])('refuses %s', async (_, body) => {
    const answer = await me.problem('POST', '/tasks', { body });
    expect(answer).toMatchObject({ status: 400, body: { code: 'validation' } });
    expect(answer.body.errors?.length).toBeGreaterThan(0);
  });

  test('keeps text of any script and lone surrogates apart from errors', async () => {
    const title = 'Grüße 🌱 مرحبا \u0301';
    expect(await me.createTask({ title })).toMatchObject({ title });
    const answer = await me.request<Task>('POST', '/tasks', { body: '{"title":"broken \\ud83c"}' });
    expect(answer.status).toBe(201);
  });
});

describe('changing', () => {
  test('sets what is named, keeps the rest, and counts the version up', async () => {
    const task = await me.createTask({ description: 'stays', dueAt: '2030-01-01T00:00:00Z' });
    const answer = await patch(task.id, '"1"', { title: 'New', dueAt: null });
    expect(answer).toMatchObject({
      status: 200,
      body: { title: 'New', description: 'stays', dueAt: null, version: 2 },
    });
    expect(answer.headers.get('etag')).toBe('"2"');
  });

  test('without If-Match is a 428, with an old one a 412, and neither changes anything', async () => {
    const task = await me.createTask();
    expect(await patch(task.id, undefined, { title: 'New' })).toMatchObject({ status: 428 });
    await patch(task.id, '"1"', { title: 'Second' });
    const stale = await me.problem('PATCH', `/tasks/${task.id}`, {
      body: { title: 'Third' },
      headers: { 'if-match': '"1"' },
    });
    expect(stale).toMatchObject({ status: 412, body: { code: 'version_mismatch' } });
    expect(await read(task.id)).toMatchObject({ title: 'Second', version: 2 });
  });

  test.each([
    ['*', 200],
    ['"7", "1"', 200],
    ['"7"', 412],
    ['W/"1"', 412],
    ['"01"', 412],
    ['"99999999999"', 412],
    [`"${'9'.repeat(40)}"`, 412],
    ['""', 412],
    ['1', 400],
    ['"1', 400],
    ["'1'", 400],
  ])('If-Match: %s of a task at version 1 is a %i', async (ifMatch, status) => {
    const task = await me.createTask();
    expect((await patch(task.id, ifMatch, { title: 'New' })).status).toBe(status);
  });

  test('by twenty at once from the same version succeeds for exactly one', async () => {
    const task = await me.createTask();
    const titles = Array.from({ length: 20 }, (_, i) => `Change ${i}`);
    const answers = await Promise.all(titles.map((title) => patch(task.id, '"1"', { title })));
    const statuses = answers.map(({ status }) => status).sort();
    expect(statuses).toEqual([200, ...Array(19).fill(412)]);
    const winner = answers.find(({ status }) => status === 200);
    expect(await read(task.id)).toEqual(winner?.body);
  });

  test('nothing at all is refused', async () => {
    const task = await me.createTask();
    expect((await patch(task.id, '"1"', {})).status).toBe(400);
  });

  test('completes and reopens through the status', async () => {
    const task = await me.createTask();
    const completed = await patch(task.id, '"1"', { status: 'completed' });
    expect(completed.body).toMatchObject({ status: 'completed', completedAt: expect.any(String) });
    const again = await patch(task.id, '"2"', { status: 'completed', title: 'Still' });
    expect(again.body).toMatchObject({ completedAt: completed.body.completedAt });
    const reopened = await patch(task.id, '"3"', { status: 'open' });
    expect(reopened.body).toMatchObject({ status: 'open', completedAt: null, version: 4 });
  });
});

describe('completing', () => {
  test('is done once; repeating it changes nothing', async () => {
    const task = await me.createTask();
    const first = await me.request<Task>('POST', `/tasks/${task.id}/complete`);
    expect(first).toMatchObject({ status: 200, body: { status: 'completed', version: 2 } });
    const second = await me.request<Task>('POST', `/tasks/${task.id}/complete`);
    expect(second).toMatchObject({ status: 200, body: first.body });
  });

  test('heeds If-Match where there is one', async () => {
    const task = await me.createTask();
    const complete = (ifMatch: string) =>
      me.request('POST', `/tasks/${task.id}/complete`, { headers: { 'if-match': ifMatch } });
    expect((await complete('"2"')).status).toBe(412);
    expect((await complete('"1"')).status).toBe(200);
  });
});

describe('deleting', () => {
  test('removes the task; what is gone is not found', async () => {
    const task = await me.createTask();
    expect((await me.request('DELETE', `/tasks/${task.id}`)).status).toBe(204);
    for (const method of ['GET', 'DELETE']) {
      expect((await me.request(method, `/tasks/${task.id}`)).status).toBe(404);
    }
    expect((await patch(task.id, '*', { title: 'New' })).status).toBe(404);
  });

  test('heeds If-Match where there is one', async () => {
    const task = await me.createTask();
    const remove = (ifMatch: string) =>
      me.request('DELETE', `/tasks/${task.id}`, { headers: { 'if-match': ifMatch } });
    expect((await remove('"2"')).status).toBe(412);
    expect((await remove('"1"')).status).toBe(204);
  });
});

describe('a task of somebody else', () => {
  test.each([
    ['GET', '', undefined],
    ['PATCH', '', { title: 'Mine now' }],
    ['DELETE', '', undefined],
    ['POST', '/complete', undefined],
  ])('cannot be told from one that does not exist: %s /tasks/:id%s', async (method, suffix, body) => {
    const theirs = await (await running.somebody()).createTask({ assigneeEmail: me.email });
    const attempt = async (id: string) => {
      const answer = await me.problem(method, `/tasks/${id}${suffix}`, {
        body,
        headers: { 'if-match': '"1"' },
      });
      return { ...answer.body, requestId: '' };
    };
    const problem = await attempt(theirs.id);
    expect(problem).toMatchObject({ status: 404 });
    expect(problem).toEqual(await attempt(randomUUID()));
  });

  test('is in no list and found by no search', async () => {
    const other = await running.somebody();
    await other.createTask({ title: 'Unmistakable xylophone' });
    const list = await me.request<{ items: Task[] }>('GET', '/tasks?q=xylophone');
    expect(list.body.items).toEqual([]);
  });
});

test.each([
  ['GET', '/users/me'],
  ['GET', '/tasks'],
  ['POST', '/tasks'],
  ['GET', `/tasks/${randomUUID()}`],
  ['PATCH', `/tasks/${randomUUID()}`],
  ['DELETE', `/tasks/${randomUUID()}`],
  ['POST', `/tasks/${randomUUID()}/complete`],
  ['GET', '/notifications'],
])('%s %s without a session is a 401', async (method, path) => {
  const answer = await running.client().problem(method, path, method === 'GET' ? {} : { body: {} });
  expect(answer).toMatchObject({ status: 401, body: { code: 'unauthenticated' } });
});

test.each(['nonsense', '%00', '1', 'x'.repeat(200), "' OR 1=1 --"])(
  'an id such as %j is not found',
  async (id) => {
    expect((await me.request('GET', `/tasks/${encodeURIComponent(id)}`)).status).toBe(404);
  },
);

test('If-None-Match with the current ETag is a 304 without a body', async () => {
  const task = await me.createTask();
  // fetch would ask for no-cache otherwise, which is to ask for the body.
  const headers = { 'if-none-match': '"1"', 'cache-control': 'max-age=0' };
  const answer = await me.request('GET', `/tasks/${task.id}`, { headers });
  expect(answer).toMatchObject({ status: 304, body: undefined });
  await patch(task.id, '"1"', { title: 'New' });
  expect((await me.request('GET', `/tasks/${task.id}`, { headers })).status).toBe(200);
});

function patch(id: string, ifMatch: string | undefined, body: unknown) {
  return me.request<Task>('PATCH', `/tasks/${id}`, { body, headers: { 'if-match': ifMatch } });
}

async function read(id: string): Promise<Task> {
  return (await me.request<Task>('GET', `/tasks/${id}`)).body;
}
