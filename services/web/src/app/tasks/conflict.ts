/** Two versions of one task side by side: what was saved meanwhile, and what this user wanted. */
import type { Task, TaskChanges } from 'taskmanager-api/contract';

export const COMPARED_FIELDS = [
  ['title', 'Title'],
  ['description', 'Description'],
  ['priority', 'Priority'],
  ['dueAt', 'Due'],
  ['assigneeEmail', 'Assigned to'],
  ['status', 'Status'],
] as const satisfies readonly (readonly [keyof TaskChanges & keyof Task, string])[];

export type ComparedField = (typeof COMPARED_FIELDS)[number][0];

export interface Difference {
  field: ComparedField;
  label: string;
  theirs: string | null;
  mine: string | null;
  /** Both changed it: keeping mine overwrites theirs. */
  clash: boolean;
}

/** The fields in which either side moved away from `base`, the version that the user began from. */
export function compareVersions(base: Task, theirs: Task, mine: TaskChanges): Difference[] {
  return COMPARED_FIELDS.flatMap(([field, label]) => {
    const myValue = field in mine ? (mine[field] ?? null) : theirs[field];
    const theyChanged = theirs[field] !== base[field];
    if (!theyChanged && !(field in mine)) return [];
    const clash = theyChanged && field in mine && myValue !== theirs[field];
    return [{ field, label, theirs: theirs[field], mine: myValue, clash }];
  });
}
