/** What the list of tasks knows at any moment, and how each event changes it. */
import type { Task, TaskPage } from 'taskmanager-api/contract';

export interface TaskListState {
  /** `refreshing`: other tasks are on their way, these are still shown. */
  phase: 'loading' | 'refreshing' | 'ready' | 'failed';
  items: Task[];
  nextCursor: string | null;
  /** Why the list could not be loaded (phase `failed`). */
  error?: unknown;
  more: { phase: 'idle' | 'loading' } | { phase: 'failed'; error: unknown };
}

export type TaskListEvent =
  | { type: 'load-started' }
  | { type: 'load-succeeded'; page: TaskPage }
  | { type: 'load-failed'; error: unknown }
  | { type: 'more-started' }
  | { type: 'more-succeeded'; page: TaskPage }
  | { type: 'more-failed'; error: unknown }
  | { type: 'task-added'; task: Task }
  | { type: 'task-changed'; task: Task }
  | { type: 'task-removed'; id: string };

const IDLE = { phase: 'idle' } as const;

export const INITIAL_TASK_LIST: TaskListState = { phase: 'loading', items: [], nextCursor: null, more: IDLE };

export function taskListReducer(state: TaskListState, event: TaskListEvent): TaskListState {
  switch (event.type) {
    case 'load-started':
      return state.phase === 'ready' ? { ...state, phase: 'refreshing', more: IDLE } : INITIAL_TASK_LIST;
    case 'load-succeeded':
      return { phase: 'ready', items: event.page.items, nextCursor: event.page.nextCursor, more: IDLE };
    case 'load-failed':
      return { ...INITIAL_TASK_LIST, phase: 'failed', error: event.error };
    case 'more-started':
      return { ...state, more: { phase: 'loading' } };
    case 'more-succeeded':
      return {
        ...state,
        items: appendNew(state.items, event.page.items),
        nextCursor: event.page.nextCursor,
        more: IDLE,
      };
    case 'more-failed':
      return { ...state, more: { phase: 'failed', error: event.error } };
    case 'task-added':
      return { ...state, items: [event.task, ...state.items.filter(({ id }) => id !== event.task.id)] };
    case 'task-changed':
      return { ...state, items: state.items.map((task) => newer(task, event.task)) };
    case 'task-removed':
      return { ...state, items: state.items.filter(({ id }) => id !== event.id) };
  }
}

/** A task may come twice: what was changed meanwhile moves between pages. */
function appendNew(items: Task[], more: Task[]): Task[] {
  const known = new Set(items.map(({ id }) => id));
  return [...items, ...more.filter(({ id }) => !known.has(id))];
}

/** Answers can overtake each other; an older version never replaces a newer one. */
function newer(shown: Task, arrived: Task): Task {
  return shown.id === arrived.id && arrived.version >= shown.version ? arrived : shown;
}
