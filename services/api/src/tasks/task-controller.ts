import { z } from 'zod';
import { API_PREFIX } from '../contract/http.ts';
import {
  newTaskSchema,
  type Task,
  taskChangesSchema,
  taskPageSchema,
  taskQuerySchema,
  taskSchema,
} from '../contract/tasks.ts';
import { type ExpectedVersion, etagOf, parseIfMatch, requireIfMatch } from '../http/if-match.ts';
import { type Reply, type Route, route } from '../http/route.ts';
import { ProblemError } from '../problem-error.ts';
import type { Versions } from './task.ts';
import type { TaskService } from './task-service.ts';

const oneTask = (description: string) => ({ description, schema: taskSchema, headers: ['ETag'] }) as const;

export function taskRoutes(service: TaskService): Route[] {
  return [
    route({
      method: 'get',
      path: '/tasks',
      summary: 'My tasks, newest first',
      access: 'user',
      query: taskQuerySchema,
      replies: { 200: { description: 'A page of them', schema: taskPageSchema } },
      handle: async ({ userId, query }) => ({ status: 200, body: await service.list(userId, query) }),
    }),
    route({
      method: 'post',
      path: '/tasks',
      summary: 'Create a task',
      access: 'user',
      body: newTaskSchema,
      replies: { 201: { description: 'The task', schema: taskSchema, headers: ['ETag', 'Location'] } },
      handle: async ({ userId, body }) => {
        const task = await service.create(userId, body);
        return present(task, { status: 201, headers: { location: `${API_PREFIX}/tasks/${task.id}` } });
      },
    }),
    route({
      method: 'get',
      path: '/tasks/:id',
      summary: 'One task of mine',
      access: 'user',
      replies: { 200: oneTask('The task'), 304: { description: 'If-None-Match names its ETag' } },
      problems: ['not_found'],
      handle: async ({ userId, params }) => present(await service.get(userId, idOf(params))),
    }),
    route({
      method: 'patch',
      path: '/tasks/:id',
      summary: 'Change a task, if it still is as it was read',
      access: 'user',
      ifMatch: 'required',
      body: taskChangesSchema,
      replies: { 200: oneTask('The task as it is now') },
      problems: ['not_found'],
      handle: async ({ userId, params, body, header }) => {
        const expected = requireIfMatch(header('if-match'));
        return present(await service.update(userId, idOf(params), versionsOf(expected), body));
      },
    }),
    route({
      method: 'delete',
      path: '/tasks/:id',
      summary: 'Delete a task',
      access: 'user',
      ifMatch: 'optional',
      replies: { 204: { description: 'It is gone' } },
      problems: ['not_found'],
      handle: async ({ userId, params, header }) => {
        await service.remove(userId, idOf(params), versionsOf(parseIfMatch(header('if-match'))));
        return { status: 204 };
      },
    }),
    route({
      method: 'post',
      path: '/tasks/:id/complete',
      summary: 'Complete a task; a completed one stays as it is',
      access: 'user',
      ifMatch: 'optional',
      replies: { 200: oneTask('The completed task') },
      problems: ['not_found'],
      handle: async ({ userId, params, header }) => {
        const versions = versionsOf(parseIfMatch(header('if-match')));
        return present(await service.complete(userId, idOf(params), versions));
      },
    }),
  ];
}

const uuid = z.uuid();

/** A path that can name no task names none; the database is not asked. */
function idOf({ id }: Readonly<Record<string, string>>): string {
  if (id !== undefined && uuid.safeParse(id).success) return id;
  throw new ProblemError('not_found', { detail: 'You have no task with this id' });
}

function versionsOf(expected: ExpectedVersion | undefined): Versions {
  return expected === 'any' ? undefined : expected;
}

function present(task: Task, { status = 200, headers = {} }: Partial<Reply> = {}): Reply {
  return { status, body: task, headers: { etag: etagOf(task.version), ...headers } };
}
