/** The requests that journeys are made of, each in one place with its route's template. */
import type { Answer, Person, RequestStep, Step } from './step.ts';

const TASKS = '/api/v1/tasks';
const TASK = `${TASKS}/:id`;

export interface TaskSeen {
  id: string;
  version: number;
}

export function openPage(path = '/'): RequestStep {
  return { kind: 'request', method: 'GET', path, route: '/', as: 'account', expect: 200 };
}

export function whoAmI(): RequestStep {
  const path = '/api/v1/users/me';
  return { kind: 'request', method: 'GET', path, route: path, as: 'account', expect: 200 };
}

export function logIn(email: string, password: string, expect: 200 | 401): RequestStep {
  const path = '/api/v1/users/login';
  const body = { email, password };
  return { kind: 'request', method: 'POST', path, route: path, body, as: 'nobody', expect };
}

/** @param query such as `limit=20`. */
export function listTasks(query: string): RequestStep {
  return {
    kind: 'request',
    method: 'GET',
    path: `${TASKS}?${query}`,
    route: TASKS,
    as: 'account',
    expect: 200,
  };
}

export function readTask(id: string, expect: 200 | 404 = 200): RequestStep {
  return { kind: 'request', method: 'GET', path: `${TASKS}/${id}`, route: TASK, as: 'account', expect };
}

export function createTask(body: Record<string, unknown>): RequestStep {
  return { kind: 'request', method: 'POST', path: TASKS, route: TASKS, body, as: 'account', expect: 201 };
}

export function changeTask(
  { id, version }: TaskSeen,
  body: Record<string, unknown>,
  expect: 200 | 412,
): RequestStep {
  const headers = { 'if-match': `"${version}"` };
  return {
    kind: 'request',
    method: 'PATCH',
    path: `${TASKS}/${id}`,
    route: TASK,
    body,
    headers,
    as: 'account',
    expect,
  };
}

export function completeTask(id: string): RequestStep {
  return {
    kind: 'request',
    method: 'POST',
    path: `${TASKS}/${id}/complete`,
    route: `${TASK}/complete`,
    as: 'account',
    expect: 200,
  };
}

/** The task in an answer; undefined where it holds none, as after a fault. */
export function taskIn(answer: Answer | undefined): TaskSeen | undefined {
  return isTask(answer?.body) ? answer.body : undefined;
}

/** The first task of a page. */
export function firstTaskIn(answer: Answer | undefined): TaskSeen | undefined {
  const body = answer?.body as { items?: unknown } | null | undefined;
  const items = body?.items;
  const first: unknown = Array.isArray(items) ? items[0] : undefined;
  return isTask(first) ? first : undefined;
}

function isTask(value: unknown): value is TaskSeen {
  const { id, version } = (value ?? {}) as { id?: unknown; version?: unknown };
  return typeof id === 'string' && typeof version === 'number';
}

/** Between half and one and a half times the mean: people do not tick like clocks. */
export function think({ random }: Person, meanSeconds: number): Step {
  return { kind: 'think', seconds: meanSeconds * (0.5 + random()) };
}
