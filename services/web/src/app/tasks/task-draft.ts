/** A task as it stands in the form (all text), and the way from and to what the API takes. */
import {
  type NewTask,
  newTaskSchema,
  type Task,
  type TaskChanges,
  type TaskPriority,
} from 'taskmanager-api/contract';
import { fromLocalInput, toLocalInput } from './due-date.ts';

export interface TaskDraft {
  title: string;
  description: string;
  priority: TaskPriority;
  /** Value of a `datetime-local` input, in the user's time zone; empty: none. */
  due: string;
  assigneeEmail: string;
}

export type DraftField = keyof TaskDraft;
export type DraftErrors = Partial<Record<DraftField, string>>;

export const EMPTY_DRAFT: TaskDraft = {
  title: '',
  description: '',
  priority: 'normal',
  due: '',
  assigneeEmail: '',
};

/** What a field wants, said when it does not get it. */
const EXPECTED: Record<DraftField, string> = {
  title: 'Give it a title of 1 to 200 characters.',
  description: 'At most 10,000 characters.',
  priority: 'Choose low, normal or high.',
  due: 'A date and a time in the years 1970 to 2999.',
  assigneeEmail: 'An e-mail address such as name@example.org.',
};

/** Names of the API's fields where they differ from the form's. */
const FORM_FIELDS: Record<string, DraftField> = {
  title: 'title',
  description: 'description',
  priority: 'priority',
  dueAt: 'due',
  assigneeEmail: 'assigneeEmail',
};

export function draftOf(task: Task): TaskDraft {
  const { title, description, priority, dueAt, assigneeEmail } = task;
  return { title, description, priority, due: toLocalInput(dueAt), assigneeEmail: assigneeEmail ?? '' };
}

export type CheckedDraft = { ok: true; task: NewTask } | { ok: false; errors: DraftErrors };

/** Checks a draft with the API's own schema. */
export function checkDraft(draft: TaskDraft): CheckedDraft {
  const assignee = draft.assigneeEmail.trim();
  const result = newTaskSchema.safeParse({
    title: draft.title,
    description: draft.description,
    priority: draft.priority,
    dueAt: fromLocalInput(draft.due),
    assigneeEmail: assignee === '' ? null : assignee,
  });
  if (result.success) return { ok: true, task: result.data };
  return { ok: false, errors: fieldErrors(result.error.issues.map(({ path }) => String(path[0]))) };
}

/** The fields named by the API's answer 400. */
export function fieldErrors(apiFields: readonly string[]): DraftErrors {
  const errors: DraftErrors = {};
  for (const name of apiFields) {
    const field = FORM_FIELDS[name.split('.')[0] ?? ''];
    if (field) errors[field] = EXPECTED[field];
  }
  return errors;
}

/** What a checked draft changes in the task it began from; empty: nothing. */
export function changesSince(base: Task, edited: NewTask): TaskChanges {
  const changes: TaskChanges = {};
  if (edited.title !== base.title) changes.title = edited.title;
  if (edited.description !== base.description) changes.description = edited.description;
  if (edited.priority !== base.priority) changes.priority = edited.priority;
  if (edited.assigneeEmail !== base.assigneeEmail) changes.assigneeEmail = edited.assigneeEmail;
  // The input knows minutes only: seconds that nobody touched are no change.
  if (toLocalInput(edited.dueAt) !== toLocalInput(base.dueAt)) changes.dueAt = edited.dueAt;
  return changes;
}
