import { afterAll, beforeAll, expect, test } from 'vitest';
import { createMigratedDatabase } from './support/migrated-database.ts';
import { documentSchema } from './support/openapi-check.ts';
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

test('the served description has the operations of the contract, no more and no fewer', async () => {
  const response = await fetch(`${running.origin}/api/v1/openapi.json`);
  const document = documentSchema.parse(await response.json());
  expect(document).toEqual(running.document);
  expect(document.openapi).toBe('3.1.1');
  expect(operations(document.paths)).toEqual([
    'DELETE /api/v1/tasks/{id}',
    'GET /api/v1/notifications',
    'GET /api/v1/openapi.json',
    'GET /api/v1/tasks',
    'GET /api/v1/tasks/{id}',
    'GET /api/v1/users/me',
    'PATCH /api/v1/tasks/{id}',
    'POST /api/v1/tasks',
    'POST /api/v1/tasks/{id}/complete',
    'POST /api/v1/users',
    'POST /api/v1/users/login',
    'POST /api/v1/users/logout',
  ]);
});

test('every described operation is served, and no method that is not described', async () => {
  const methods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'];
  const served = [];
  for (const path of Object.keys(running.document.paths)) {
    for (const method of methods) {
      const response = await fetch(running.origin + path.replace('{id}', 'x'), {
        method,
        headers: { 'x-requested-with': 'taskmanager' },
      });
      await response.arrayBuffer();
      if (response.status !== 405) served.push(`${method} ${path}`);
    }
  }
  expect(served.sort()).toEqual(operations(running.document.paths));
});

test('every reference of the description leads somewhere', () => {
  const text = JSON.stringify(running.document);
  const references = [...text.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name ?? '');
  expect(references.length).toBeGreaterThan(20);
  for (const name of references) expect(running.document.components.schemas).toHaveProperty(name);
});

function operations(paths: Record<string, Record<string, unknown>>): string[] {
  return Object.entries(paths)
    .flatMap(([path, methods]) => Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`))
    .sort();
}
