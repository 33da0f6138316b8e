/** The database that every variant serves, one task in it, and the session with which that task is asked for. */
import { randomUUID } from 'node:crypto';
import { applyRoles, connectionUrl, startPostgres } from '@lab/postgres';
import type { Target } from './result.ts';
import { type ServerEnvironment, startServer } from './running-server.ts';
import type { VARIANTS } from './variants.ts';

export interface Subject extends AsyncDisposable {
  environment: Pick<ServerEnvironment, 'databaseUrl' | 'sessionSecret'>;
  /** Path and headers of `GET /api/v1/tasks/:id`. */
  request: { path: string; headers: Record<string, string> };
}

/**
 * Starts a throw-away Postgres with the lab's own settings and makes the account and the task through the bare API.
 * @param port free on 127.0.0.1.
 */
export async function prepareSubject(options: {
  folder: string;
  port: number;
  bare: (typeof VARIANTS)[number];
}): Promise<Subject> {
  const { folder, port, bare } = options;
  const superuserPassword = randomUUID();
  const server = await startPostgres({ dataDir: `${folder}/postgres`, port, superuserPassword });
  try {
    const [owner, app] = [randomUUID(), randomUUID()];
    await applyRoles(server.url(), { owner, app, exporter: randomUUID() });
    const { migrate } = await import('taskmanager-api/migrate');
    const url = (user: string, password: string) =>
      connectionUrl({ user, password, port, database: 'taskmanager' });
    await migrate({ databaseUrl: url('taskmanager', owner) });
    const environment = { databaseUrl: url('taskmanager_app', app), sessionSecret: randomUUID() };
    await using api = await startServer(bare, { ...environment, folder, otlpUrl: '', pin: [] });
    return {
      environment,
      request: await makeTask(`${api.url}/api/v1`),
      [Symbol.asyncDispose]: () => server.stop({ remove: true }),
    };
  } catch (error) {
    await server.stop({ remove: true });
    throw error;
  }
}

async function makeTask(base: string): Promise<Subject['request']> {
  const account = { email: 'bench@load.invalid', displayName: 'Bench', password: randomUUID() };
  await post(`${base}/users`, account);
  const { email, password } = account;
  const login = await post(`${base}/users/login`, { email, password });
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? '';
  const created = await post(`${base}/tasks`, { title: 'Measure the cost of looking' }, cookie);
  const { id } = (await created.json()) as { id: string };
  return { path: `/api/v1/tasks/${id}`, headers: { cookie } };
}

async function post(url: string, body: object, cookie = ''): Promise<Response> {
  const headers = { 'content-type': 'application/json', 'x-requested-with': 'taskmanager', cookie };
  const response = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`POST ${url} answered ${response.status}: ${await response.text()}`);
  return response;
}

export function target(server: { url: string }, request: Subject['request']): Target {
  return { url: server.url + request.path, headers: request.headers };
}
