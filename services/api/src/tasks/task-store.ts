import type { TaskStatus } from '../contract/tasks.ts';
import type { Queryable } from '../database/database.ts';
import type { StoredTask, TaskFacts, TaskFields, Versions } from './task.ts';

export type InsertedFields = TaskFields & { title: string };

export interface ListFilter {
  status: TaskStatus | undefined;
  /** Full text, in the syntax of a search box; never an error, at worst without a hit. */
  search: string | undefined;
  /** Only tasks made before the one with this position. */
  before: string | undefined;
  limit: number;
}

/** Every method sees only tasks of the owner; a change says nothing about why it did not find one. */
export interface TaskStore {
  insert(ownerId: string, fields: InsertedFields): Promise<StoredTask>;
  find(ownerId: string, id: string): Promise<StoredTask | undefined>;
  /** Newest first. */
  list(ownerId: string, filter: ListFilter): Promise<StoredTask[]>;
  /** One statement, so that of two changes to one version only one succeeds. `status`: only from that one. */
  update(
    ownerId: string,
    id: string,
    condition: { versions: Versions; status?: TaskStatus },
    fields: TaskFields,
  ): Promise<{ before: TaskFacts; after: StoredTask } | undefined>;
  remove(ownerId: string, id: string, versions: Versions): Promise<boolean>;
}

const COLUMNS = `id, position, title, description, status, priority, due_at AS "dueAt",
  assignee_email AS "assigneeEmail", created_at AS "createdAt", updated_at AS "updatedAt",
  completed_at AS "completedAt", version`;

const COLUMN_OF: Record<keyof TaskFields, string> = {
  title: 'title',
  description: 'description',
  status: 'status',
  priority: 'priority',
  dueAt: 'due_at',
  assigneeEmail: 'assignee_email',
};

const FIND = {
  name: 'task-by-id',
  text: `SELECT ${COLUMNS} FROM tasks WHERE id = $1 AND owner_id = $2`,
};
const INSERT = {
  name: 'task-insert',
  text: `INSERT INTO tasks (owner_id, title, description, priority, due_at, assignee_email)
         VALUES ($1, $2, $3, $4, $5, $6) RETURNING ${COLUMNS}`,
};
const DELETE = {
  name: 'task-delete',
  text: `DELETE FROM tasks WHERE id = $1 AND owner_id = $2 AND ($3::integer[] IS NULL OR version = ANY ($3))
         RETURNING id`,
};

export function createTaskStore(database: Queryable): TaskStore {
  return {
    async insert(
      ownerId,
      { title, description = '', priority = 'normal', dueAt = null, assigneeEmail = null },
    ) {
      const values = [ownerId, title, description, priority, dueAt, assigneeEmail];
      const [task] = await database.query<StoredTask>(INSERT, values);
      if (!task) throw new Error('expected INSERT … RETURNING to return the task, received no row');
      return task;
    },

    async find(ownerId, id) {
      const [task] = await database.query<StoredTask>(FIND, [id, ownerId]);
      return task;
    },

    list: (ownerId, filter) => {
      const { text, name, values } = listStatement(ownerId, filter);
      return database.query<StoredTask>({ text, name }, values);
    },

    async update(ownerId, id, condition, fields) {
      const { text, values } = updateStatement(ownerId, id, condition, fields);
      const [row] = await database.query<UpdatedRow>({ text }, values);
      if (!row) return undefined;
      const { wasStatus, wasDueAt, wasAssigneeEmail, ...after } = row;
      return { before: { status: wasStatus, dueAt: wasDueAt, assigneeEmail: wasAssigneeEmail }, after };
    },

    async remove(ownerId, id, versions) {
      const removed = await database.query(DELETE, [id, ownerId, versions ?? null]);
      return removed.length > 0;
    },
  };
}

function listStatement(ownerId: string, { status, search, before, limit }: ListFilter) {
  const values: unknown[] = [ownerId];
  const conditions = ['owner_id = $1'];
  let name = 'tasks-list';
  const add = (what: string, condition: string, value: unknown) => {
    if (value === undefined) return;
    values.push(value);
    conditions.push(condition.replace('?', `$${values.length}`));
    name += `-${what}`;
  };
  add('status', 'status = ?', status);
  add('search', `search @@ websearch_to_tsquery('simple', ?)`, search);
  add('before', 'position < ?', before);
  values.push(limit);
  const text = `SELECT ${COLUMNS} FROM tasks WHERE ${conditions.join(' AND ')}
    ORDER BY position DESC LIMIT $${values.length}`;
  return { name, text, values };
}

interface UpdatedRow extends StoredTask {
  wasStatus: StoredTask['status'];
  wasDueAt: StoredTask['dueAt'];
  wasAssigneeEmail: StoredTask['assigneeEmail'];
}

function updateStatement(
  ownerId: string,
  id: string,
  { versions, status }: { versions: Versions; status?: TaskStatus },
  fields: TaskFields,
): { text: string; values: unknown[] } {
  const values: unknown[] = [id, ownerId, versions ?? null, status ?? null];
  const assignments = ['version = version + 1', 'updated_at = now()'];
  for (const [field, column] of Object.entries(COLUMN_OF)) {
    const value = fields[field as keyof TaskFields];
    if (value === undefined) continue;
    values.push(value);
    assignments.push(`${column} = $${values.length}`);
    if (field === 'status') {
      assignments.push(
        `completed_at = CASE WHEN $${values.length} = 'completed' THEN coalesce(completed_at, now()) END`,
      );
    }
  }
  const text = `UPDATE tasks SET ${assignments.join(', ')}
    WHERE id = $1 AND owner_id = $2 AND ($3::integer[] IS NULL OR version = ANY ($3))
      AND ($4::text IS NULL OR status = $4)
    RETURNING ${COLUMNS}, old.status AS "wasStatus", old.due_at AS "wasDueAt",
      old.assignee_email AS "wasAssigneeEmail"`;
  return { text, values };
}
