/** The API's routes as functions. */
import {
  type Credentials,
  type NewTask,
  notificationListSchema,
  type Registration,
  type Task,
  type TaskChanges,
  taskPageSchema,
  taskSchema,
  userSchema,
} from 'taskmanager-api/contract';
import type { TaskFilter } from '../tasks/task-filter.ts';
import type { ApiClient } from './api-client.ts';

export const PAGE_SIZE = 20;

export function createTaskApi(client: ApiClient) {
  const task = (id: string) => ({ path: `/tasks/${encodeURIComponent(id)}`, template: '/tasks/:id' });
  const withSignal = (signal: AbortSignal | undefined) => (signal ? { signal } : {});
  const change = (base: Task, body: TaskChanges) =>
    client.fetch({ method: 'PATCH', ...task(base.id), body, ifMatch: `"${base.version}"` }, taskSchema);

  return {
    me: (signal?: AbortSignal) =>
      client.fetch({ method: 'GET', path: '/users/me', ...withSignal(signal) }, userSchema),
    register: (body: Registration) => client.fetch({ method: 'POST', path: '/users', body }, userSchema),
    logIn: (body: Credentials) => client.fetch({ method: 'POST', path: '/users/login', body }, userSchema),
    logOut: () => client.send({ method: 'POST', path: '/users/logout' }),
    listTasks: (filter: TaskFilter, cursor: string | null, signal?: AbortSignal) =>
      client.fetch(
        { method: 'GET', path: '/tasks', query: listQuery(filter, cursor), ...withSignal(signal) },
        taskPageSchema,
      ),
    getTask: (id: string, signal?: AbortSignal) =>
      client.fetch({ method: 'GET', ...task(id), ...withSignal(signal) }, taskSchema),
    createTask: (body: NewTask) => client.fetch({ method: 'POST', path: '/tasks', body }, taskSchema),
    /** @throws ApiError 412 where the first argument is no longer the newest version. */
    changeTask: change,
    completeTask: ({ id }: Task) =>
      client.fetch(
        { method: 'POST', path: `${task(id).path}/complete`, template: '/tasks/:id/complete' },
        taskSchema,
      ),
    reopenTask: (base: Task) => change(base, { status: 'open' }),
    deleteTask: (id: string) => client.send({ method: 'DELETE', ...task(id) }),
    listNotifications: (signal?: AbortSignal) =>
      client.fetch({ method: 'GET', path: '/notifications', ...withSignal(signal) }, notificationListSchema),
  };
}

export type TaskApi = ReturnType<typeof createTaskApi>;

function listQuery({ status, q }: TaskFilter, cursor: string | null): URLSearchParams {
  return new URLSearchParams({
    limit: String(PAGE_SIZE),
    ...(status ? { status } : {}),
    ...(q ? { q } : {}),
    ...(cursor ? { cursor } : {}),
  });
}
