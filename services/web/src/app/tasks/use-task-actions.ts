import { useToast } from '@lab/ui-kit';
import { type Dispatch, useCallback, useState } from 'react';
import type { Task } from 'taskmanager-api/contract';
import { hasStatus } from '../http/api-error.ts';
import { useSession } from '../session/session.tsx';
import type { TaskFilter } from './task-filter.ts';
import type { TaskListEvent } from './task-list-state.ts';

export interface TaskActions {
  /** Ids of tasks with a request under way. */
  busy: ReadonlySet<string>;
  error: unknown;
  dismissError: () => void;
  /** Completes an open task, reopens a completed one. */
  toggle: (task: Task) => Promise<void>;
  remove: (task: Task) => Promise<void>;
}

/** What can be done to a task from its row in the list. */
export function useTaskActions(filter: TaskFilter, dispatch: Dispatch<TaskListEvent>): TaskActions {
  const { api } = useSession();
  const toast = useToast();
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());
  const [error, setError] = useState<unknown>();

  const attempt = useCallback(
    async (task: Task, action: () => Promise<void>) => {
      setBusy((ids) => new Set(ids).add(task.id));
      setError(undefined);
      try {
        await action();
      } catch (cause) {
        if (hasStatus(cause, 404)) {
          dispatch({ type: 'task-removed', id: task.id });
          toast(`“${task.title}” was deleted elsewhere`);
        } else {
          setError(cause);
        }
      } finally {
        setBusy((ids) => new Set([...ids].filter((id) => id !== task.id)));
      }
    },
    [dispatch, toast],
  );

  const show = useCallback(
    (task: Task) => {
      const leaves = filter.status !== undefined && filter.status !== task.status;
      dispatch(leaves ? { type: 'task-removed', id: task.id } : { type: 'task-changed', task });
    },
    [dispatch, filter.status],
  );

  const toggle = useCallback(
    (task: Task) =>
      attempt(task, async () => {
        if (task.status === 'completed') {
          show(await api.reopenTask(task));
          toast(`Reopened “${task.title}”`);
          return;
        }
        const completed = await api.completeTask(task);
        show(completed);
        const undo = () =>
          attempt(completed, async () => {
            const reopened = await api.reopenTask(completed);
            // Where the filter had taken it away, it comes back on top.
            dispatch({ type: filter.status === 'open' ? 'task-added' : 'task-changed', task: reopened });
          });
        toast(`Completed “${task.title}”`, { label: 'Undo', run: () => void undo() });
      }),
    [api, attempt, dispatch, filter.status, show, toast],
  );

  const remove = useCallback(
    (task: Task) =>
      attempt(task, async () => {
        await api.deleteTask(task.id);
        dispatch({ type: 'task-removed', id: task.id });
        toast(`Deleted “${task.title}”`);
      }),
    [api, attempt, dispatch, toast],
  );

  return { busy, error, dismissError: useCallback(() => setError(undefined), []), toggle, remove };
}
