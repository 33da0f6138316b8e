import type { TaskPriority, TaskStatus } from '../contract/tasks.ts';

/** A task as it is stored. */
export interface StoredTask {
  id: string;
  /** Grows with creation; a 64-bit number in decimal. */
  position: string;
  title: string;
  description: string;
  status: TaskStatus;
  priority: TaskPriority;
  dueAt: Date | null;
  assigneeEmail: string | null;
  createdAt: Date;
  updatedAt: Date;
  completedAt: Date | null;
  version: number;
}

/** What decides which jobs a change calls for. */
export type TaskFacts = Pick<StoredTask, 'status' | 'dueAt' | 'assigneeEmail'>;

/** What a change may set; absent stays. */
export interface TaskFields {
  title?: string | undefined;
  description?: string | undefined;
  status?: TaskStatus | undefined;
  priority?: TaskPriority | undefined;
  dueAt?: Date | null | undefined;
  assigneeEmail?: string | null | undefined;
}

/** Versions of which one must be the current one; undefined: whatever it is. */
export type Versions = readonly number[] | undefined;
