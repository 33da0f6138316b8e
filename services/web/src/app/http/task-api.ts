/** The API's routes as functions. */
import {
  type Credentials,
  type NewTask,
  type NotificationList,
  notificationListSchema,
  type Registration,
  type Task,
  type TaskChanges,
  type TaskPage,
  taskPageSchema,
  taskSchema,
  type User,
  userSchema,
} from 'taskmanager-api/contract';
import type { TaskFilter } from '../tasks/task-filter.ts';
import type { ApiClient } from './api-client.ts';

export interface TaskApi {
  me(signal?: AbortSignal): Promise<User>;
  register(registration: Registration): Promise<User>;
  logIn(credentials: Credentials): Promise<User>;
  logOut(): Promise<void>;
  listTasks(filter: TaskFilter, cursor: string | null, signal?: AbortSignal): Promise<TaskPage>;
  getTask(id: string, signal?: AbortSignal): Promise<Task>;
  createTask(task: NewTask): Promise<Task>;
  /** @throws ApiError 412 where `base` is no longer the newest version. */
  changeTask(base: Task, changes: TaskChanges): Promise<Task>;
  completeTask(task: Task): Promise<Task>;
  reopenTask(task: Task): Promise<Task>;
  deleteTask(id: string): Promise<void>;
  listNotifications(signal?: AbortSignal): Promise<NotificationList>;
}

export const PAGE_SIZE = 20;

export function createTaskApi(client: ApiClient): TaskApi {
  const task = (id: string) => ({ path: `/tasks/${encodeURIComponent(id)}`, template: '/tasks/:id' });
  const withSignal = (signal: AbortSignal | undefined) => (signal ? { signal } : {});
  const change = (base: Task, body: TaskChanges) =>
    client.fetch({ method: 'PATCH', ...task(base.id), body, ifMatch: `"${base.version}"` }, taskSchema);

  return {
    me: (signal) => client.fetch({ method: 'GET', path: '/users/me', ...withSignal(signal) }, userSchema),
    register: (body) => client.fetch({ method: 'POST', path: '/users', body }, userSchema),
    logIn: (body) => client.fetch({ method: 'POST', path: '/users/login', body }, userSchema),
    logOut: () => client.send({ method: 'POST', path: '/users/logout' }),
    listTasks: (filter, cursor, signal) =>
      client.fetch(
        { method: 'GET', path: '/tasks', query: listQuery(filter, cursor), ...withSignal(signal) },
        taskPageSchema,
      ),
    getTask: (id, signal) => client.fetch({ method: 'GET', ...task(id), ...withSignal(signal) }, taskSchema),
    createTask: (body) => client.fetch({ method: 'POST', path: '/tasks', body }, taskSchema),
    changeTask: change,
    completeTask: ({ id }) =>
      client.fetch(
        { method: 'POST', path: `${task(id).path}/complete`, template: '/tasks/:id/complete' },
        taskSchema,
      ),
    reopenTask: (base) => change(base, { status: 'open' }),
    deleteTask: (id) => client.send({ method: 'DELETE', ...task(id) }),
    listNotifications: (signal) =>
      client.fetch({ method: 'GET', path: '/notifications', ...withSignal(signal) }, notificationListSchema),
  };
}

function listQuery({ status, q }: TaskFilter, cursor: string | null): URLSearchParams {
  return new URLSearchParams({
    limit: String(PAGE_SIZE),
    ...(status ? { status } : {}),
    ...(q ? { q } : {}),
    ...(cursor ? { cursor } : {}),
  });
}
