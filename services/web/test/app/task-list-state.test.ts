import type { Task } from 'taskmanager-api/contract';
import { expect, test } from 'vitest';
import {
  INITIAL_TASK_LIST,
  type TaskListEvent,
  taskListReducer,
} from '../../src/app/tasks/task-list-state.ts';
import { taskWith } from '../support/tasks.ts';

const after = (...events: TaskListEvent[]) => events.reduce(taskListReducer, INITIAL_TASK_LIST);
const loaded = (items: Task[], nextCursor: string | null = null): TaskListEvent => ({
  type: 'load-succeeded',
  page: { items, nextCursor },
});
const [a, b, c] = [taskWith({ id: 'a' }), taskWith({ id: 'b' }), taskWith({ id: 'c' })];

test('the next page follows the first, without what moved between them', () => {
  const state = after(
    loaded([a, b], 'next'),
    { type: 'more-started' },
    { type: 'more-succeeded', page: { items: [b, c], nextCursor: null } },
  );
  expect(state.items).toEqual([a, b, c]);
  expect(state.nextCursor).toBeNull();
});

test('a page that fails to come keeps what is shown and where to go on', () => {
  const error = new Error('gone');
  const state = after(loaded([a], 'next'), { type: 'more-started' }, { type: 'more-failed', error });
  expect(state).toMatchObject({
    phase: 'ready',
    items: [a],
    nextCursor: 'next',
    more: { phase: 'failed', error },
  });
});

test('tasks stay in sight while others are fetched, but not once that failed', () => {
  const refreshing = after(loaded([a]), { type: 'load-started' });
  expect(refreshing).toMatchObject({ phase: 'refreshing', items: [a] });
  const failed = taskListReducer(refreshing, { type: 'load-failed', error: new Error('gone') });
  expect(failed).toMatchObject({ phase: 'failed', items: [] });
});

test('an answer that was overtaken does not bring an older version back', () => {
  const newest = taskWith({ id: 'a', title: 'newest', version: 3 });
  const state = after(
    loaded([a]),
    { type: 'task-changed', task: newest },
    { type: 'task-changed', task: taskWith({ id: 'a', title: 'older', version: 2 }) },
  );
  expect(state.items).toEqual([newest]);
});

test('a task that is added twice stands there once, on top', () => {
  expect(after(loaded([a, b]), { type: 'task-added', task: b }).items).toEqual([b, a]);
});
