import type { NewTask, Task, TaskChanges, TaskPage, TaskQuery } from '../contract/tasks.ts';
import { ProblemError } from '../problem-error.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { StoredTask, TaskFacts, TaskFields, Versions } from './task.ts';
import type { TaskStore } from './task-store.ts';

/** What the worker has to do because of a change. */
export interface TaskJobs {
  remind(reminder: { taskId: string; userId: string; dueAt: Date }): Promise<void>;
  notify(notification: {
    kind: 'task_assigned' | 'task_completed';
    taskId: string;
    userId: string;
  }): Promise<void>;
}

/** What one transaction can do: all of it happens, or nothing. */
export interface TaskTransaction {
  tasks: TaskStore;
  jobs: TaskJobs;
  /** Id of the account with this e-mail. */
  accountOf(email: string): Promise<string | undefined>;
}

export interface TaskServiceOptions {
  tasks: TaskStore;
  transaction<T>(work: (transaction: TaskTransaction) => Promise<T>): Promise<T>;
}

/** Every method throws ProblemError `not_found` for a task of somebody else, and `version_mismatch`. */
export interface TaskService {
  create(ownerId: string, task: NewTask): Promise<Task>;
  list(ownerId: string, query: TaskQuery): Promise<TaskPage>;
  get(ownerId: string, id: string): Promise<Task>;
  update(ownerId: string, id: string, versions: Versions, changes: TaskChanges): Promise<Task>;
  /** Completing a completed task changes nothing. */
  complete(ownerId: string, id: string, versions: Versions): Promise<Task>;
  remove(ownerId: string, id: string, versions: Versions): Promise<void>;
}

const NEW: TaskFacts = { status: 'open', dueAt: null, assigneeEmail: null };

export function createTaskService({ tasks, transaction }: TaskServiceOptions): TaskService {
  /** Says why a conditional change found nothing: it is not there, or not in that version. */
  async function explainMiss(ownerId: string, id: string, versions: Versions): Promise<StoredTask> {
    const current = await tasks.find(ownerId, id);
    if (!current) throw notFound();
    if (versions !== undefined && !versions.includes(current.version)) {
      throw new ProblemError('version_mismatch', {
        detail: `The task is now at version ${current.version}: read it again and repeat your change`,
      });
    }
    return current;
  }

  async function change(ownerId: string, id: string, versions: Versions, fields: TaskFields): Promise<Task> {
    // Only these call for jobs; the rest is one statement without a transaction around it.
    const enqueues = fields.status ?? fields.dueAt ?? fields.assigneeEmail;
    const updated = enqueues
      ? await transaction(async (unit) => {
          const result = await unit.tasks.update(ownerId, id, { versions }, fields);
          if (result) await enqueue(unit, ownerId, result.before, result.after);
          return result;
        })
      : await tasks.update(ownerId, id, { versions }, fields);
    if (updated) return present(updated.after);
    await explainMiss(ownerId, id, versions);
    // Somebody changed it back to that version's number between the two statements: impossible, versions only grow.
    throw new ProblemError('version_mismatch', { detail: 'The task was changed at this moment: try again' });
  }

  return {
    async create(ownerId, { dueAt, ...task }) {
      const fields = { ...task, dueAt: dueAt === null ? null : new Date(dueAt) };
      if (fields.dueAt === null && fields.assigneeEmail === null) {
        return present(await tasks.insert(ownerId, fields));
      }
      return transaction(async (unit) => {
        const created = await unit.tasks.insert(ownerId, fields);
        await enqueue(unit, ownerId, NEW, created);
        return present(created);
      });
    },

    async list(ownerId, { status, q, cursor, limit }) {
      const search = q?.trim() || undefined;
      const before = cursor === undefined ? undefined : decodeCursor(cursor);
      // One more than asked for tells whether there is a next page.
      const found = await tasks.list(ownerId, { status, search, before, limit: limit + 1 });
      const shown = found.slice(0, limit);
      const last = shown.at(-1);
      return {
        items: shown.map(present),
        nextCursor: found.length > limit && last ? encodeCursor(last.position) : null,
      };
    },

    async get(ownerId, id) {
      const task = await tasks.find(ownerId, id);
      if (!task) throw notFound();
      return present(task);
    },

    update: (ownerId, id, versions, { dueAt, ...changes }) =>
      change(ownerId, id, versions, {
        ...changes,
        ...(dueAt === undefined ? {} : { dueAt: dueAt === null ? null : new Date(dueAt) }),
      }),

    async complete(ownerId, id, versions) {
      const completed = await transaction(async (unit) => {
        const condition = { versions, status: 'open' } as const;
        const result = await unit.tasks.update(ownerId, id, condition, { status: 'completed' });
        if (result) await enqueue(unit, ownerId, result.before, result.after);
        return result;
      });
      return present(completed?.after ?? (await explainMiss(ownerId, id, versions)));
    },

    async remove(ownerId, id, versions) {
      if (await tasks.remove(ownerId, id, versions)) return;
      await explainMiss(ownerId, id, versions);
      throw notFound();
    },
  };
}

/** Reminder: once for each due date of an open task. Notifications: a new assignee's account, and the owner of a completed task. */
async function enqueue(
  { jobs, accountOf }: TaskTransaction,
  ownerId: string,
  before: TaskFacts,
  after: StoredTask,
): Promise<void> {
  const { id: taskId, status, dueAt, assigneeEmail } = after;
  const reopened = before.status === 'completed' && status === 'open';
  if (dueAt && status === 'open' && (reopened || dueAt.getTime() !== before.dueAt?.getTime())) {
    await jobs.remind({ taskId, userId: ownerId, dueAt });
  }
  if (assigneeEmail && assigneeEmail !== before.assigneeEmail) {
    const userId = await accountOf(assigneeEmail);
    if (userId) await jobs.notify({ kind: 'task_assigned', taskId, userId });
  }
  if (status === 'completed' && before.status === 'open') {
    await jobs.notify({ kind: 'task_completed', taskId, userId: ownerId });
  }
}

function notFound(): ProblemError {
  return new ProblemError('not_found', { detail: 'You have no task with this id' });
}

function present({ position: _, ...task }: StoredTask): Task {
  return {
    ...task,
    dueAt: task.dueAt?.toISOString() ?? null,
    createdAt: task.createdAt.toISOString(),
    updatedAt: task.updatedAt.toISOString(),
    completedAt: task.completedAt?.toISOString() ?? null,
  };
}
