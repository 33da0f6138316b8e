import { z } from 'zod';
import { emailAddress, longText, shortText, timestamp } from './text.ts';

export const TASK_STATUSES = ['open', 'completed'] as const;
export const TASK_PRIORITIES = ['low', 'normal', 'high'] as const;

export const taskStatusSchema = z.enum(TASK_STATUSES);
export type TaskStatus = z.infer<typeof taskStatusSchema>;
export const taskPrioritySchema = z.enum(TASK_PRIORITIES);
export type TaskPriority = z.infer<typeof taskPrioritySchema>;

/** A task as the API returns it. `version` grows with each change; the `ETag` is `"<version>"`. */
export const taskSchema = z
  .object({
    id: z.uuid(),
    title: z.string(),
    description: z.string(),
    status: taskStatusSchema,
    priority: taskPrioritySchema,
    dueAt: timestamp.nullable(),
    assigneeEmail: z.string().nullable(),
    createdAt: timestamp,
    updatedAt: timestamp,
    completedAt: timestamp.nullable(),
    version: z.int().positive(),
  })
  .meta({ id: 'Task' });
export type Task = z.infer<typeof taskSchema>;

const EARLIEST_DUE = Date.UTC(1970, 0);
const LATEST_DUE = Date.UTC(3000, 0);

/** A due date with any UTC offset, in the years 1970 to 2999: what Postgres and every browser can show. */
const dueAt = z.iso.datetime({ offset: true }).refine((text) => {
  const time = Date.parse(text);
  return time >= EARLIEST_DUE && time < LATEST_DUE;
}, 'must lie in the years 1970 to 2999');

const fields = {
  title: shortText(200),
  description: longText(10_000),
  priority: taskPrioritySchema,
  dueAt: dueAt.nullable(),
  assigneeEmail: emailAddress.nullable(),
};

/** Body of `POST /tasks`: only the title is needed. */
export const newTaskSchema = z
  .strictObject({
    title: fields.title,
    description: fields.description.default(''),
    priority: fields.priority.default('normal'),
    dueAt: fields.dueAt.default(null),
    assigneeEmail: fields.assigneeEmail.default(null),
  })
  .meta({ id: 'NewTask' });
export type NewTask = z.infer<typeof newTaskSchema>;

/** Body of `PATCH /tasks/:id`: what is absent stays; `status` completes or reopens. */
export const taskChangesSchema = z
  .strictObject({ ...fields, status: taskStatusSchema })
  .partial()
  .refine((changes) => Object.keys(changes).length > 0, 'must change at least one field')
  .meta({ id: 'TaskChanges' });
export type TaskChanges = z.infer<typeof taskChangesSchema>;

/** Query of `GET /tasks`. `q` is full text as typed in a search box: words, "phrases", -exclusions. */
export const taskQuerySchema = z.strictObject({
  status: taskStatusSchema.optional(),
  q: longText(200).optional(),
  cursor: z.string().max(200).optional(),
  limit: z.coerce.number().int().min(1).max(100).default(20),
});
export type TaskQuery = z.infer<typeof taskQuerySchema>;

/** Answer of `GET /tasks`, newest first; `nextCursor` is null on the last page. */
export const taskPageSchema = z
  .object({ items: z.array(taskSchema), nextCursor: z.string().nullable() })
  .meta({ id: 'TaskPage' });
export type TaskPage = z.infer<typeof taskPageSchema>;
