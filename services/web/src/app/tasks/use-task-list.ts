import { type Dispatch, useCallback, useEffect, useReducer, useRef } from 'react';
import { useLogins, useSession } from '../session/session.tsx';
import type { TaskFilter } from './task-filter.ts';
import {
  INITIAL_TASK_LIST,
  type TaskListEvent,
  type TaskListState,
  taskListReducer,
} from './task-list-state.ts';

export interface TaskList {
  state: TaskListState;
  dispatch: Dispatch<TaskListEvent>;
  reload: () => void;
  /** Fetches the next page, if there is one. Resolves to the id of its first task. */
  loadMore: () => Promise<string | undefined>;
}

/** The tasks that pass a filter, page by page. */
export function useTaskList({ status, q }: TaskFilter): TaskList {
  const { api } = useSession();
  const logins = useLogins();
  const [state, dispatch] = useReducer(taskListReducer, INITIAL_TASK_LIST);
  const [attempt, reload] = useReducer((count: number) => count + 1, 0);
  /** Ends with the filter: an answer to the last question must not be shown under the next. */
  const view = useRef(new AbortController());

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` and `logins` ask again
  useEffect(() => {
    const controller = new AbortController();
    view.current = controller;
    dispatch({ type: 'load-started' });
    api.listTasks({ ...(status ? { status } : {}), q }, null, controller.signal).then(
      (page) => !controller.signal.aborted && dispatch({ type: 'load-succeeded', page }),
      (error) => !controller.signal.aborted && dispatch({ type: 'load-failed', error }),
    );
    return () => controller.abort();
  }, [api, status, q, attempt, logins]);

  const { nextCursor } = state;
  const loadMore = useCallback(async () => {
    if (nextCursor === null) return undefined;
    const { signal } = view.current;
    dispatch({ type: 'more-started' });
    try {
      const page = await api.listTasks({ ...(status ? { status } : {}), q }, nextCursor, signal);
      if (!signal.aborted) dispatch({ type: 'more-succeeded', page });
      return page.items[0]?.id;
    } catch (error) {
      if (!signal.aborted) dispatch({ type: 'more-failed', error });
      return undefined;
    }
  }, [api, status, q, nextCursor]);

  return { state, dispatch, reload, loadMore };
}
