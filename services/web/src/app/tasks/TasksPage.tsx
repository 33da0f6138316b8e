import { Icon, PageHeader } from '@lab/ui-kit';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Link, Outlet, useLocation, useNavigate, useOutletContext, useSearchParams } from 'react-router';
import type { Task } from 'taskmanager-api/contract';
import { PAGES } from '../../shared/pages.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';
import { DeleteDialog } from './DeleteDialog.tsx';
import { TaskFilters } from './TaskFilters.tsx';
import { TaskListView } from './TaskListView.tsx';
import { rowLinkId } from './TaskRow.tsx';
import { filterFromSearch, filterToSearch, isFiltered } from './task-filter.ts';
import { useTaskActions } from './use-task-actions.ts';
import { type TaskList, useTaskList } from './use-task-list.ts';

/** What the dialogs on top of the list may do to it. */
interface DialogContext {
  dispatch: TaskList['dispatch'];
  /** Takes the dialog away, keeping the list's filter. */
  close: () => void;
}

export function useTaskDialog(): DialogContext {
  return useOutletContext<DialogContext>();
}

/** The list of tasks; `/tasks/new` and `/tasks/:id` open as dialogs on top, so that the list keeps its place. */
export function TasksPage() {
  usePageTitle('Tasks');
  const [params] = useSearchParams();
  const filter = useMemo(() => filterFromSearch(params), [params]);
  const { search } = useLocation();
  const navigate = useNavigate();
  const list = useTaskList(filter);
  const { state, dispatch, reload, loadMore } = list;
  const { items } = state;
  const actions = useTaskActions(filter, dispatch);
  const [deleting, setDeleting] = useState<Task>();
  const heading = useRef<HTMLHeadingElement>(null);
  const [focusTask, setFocusTask] = useState<string>();
  /** The task last acted upon, and the one that takes over the focus should it go away. */
  const [acted, setActed] = useState<{ id: string; neighbour: string | undefined }>();

  const { status } = filter;
  const onSearch = useCallback(
    (q: string) => {
      const next = filterToSearch(status ? { status, q } : { q });
      void navigate({ search: next.toString() }, { replace: true });
    },
    [navigate, status],
  );
  const close = useCallback(() => void navigate({ pathname: PAGES.tasks, search }), [navigate, search]);

  // After the rows it waits for are there.
  useEffect(() => {
    if (focusTask === undefined) return;
    focusRow(focusTask, heading.current);
    setFocusTask(undefined);
  }, [focusTask]);

  // A row that goes away must not take the focus with it: it moves to the next one, or to the heading.
  useEffect(() => {
    if (!acted || items.some(({ id }) => id === acted.id)) return;
    if (document.activeElement === document.body) focusRow(acted.neighbour, heading.current);
    setActed(undefined);
  }, [acted, items]);

  const act = (task: Task, action: (task: Task) => Promise<void>) => {
    const index = items.findIndex(({ id }) => id === task.id);
    setActed({ id: task.id, neighbour: (items[index + 1] ?? items[index - 1])?.id });
    void action(task);
  };

  return (
    <main className="page" id="main" tabIndex={-1}>
      <PageHeader title="Tasks" titleRef={heading}>
        <Link className="button button-primary" to={{ pathname: PAGES.newTask, search }}>
          <Icon name="plus" /> New task
        </Link>
      </PageHeader>
      <TaskFilters filter={filter} onSearch={onSearch} />
      {actions.error !== undefined && <ErrorNotice error={actions.error} onDismiss={actions.dismissError} />}
      <TaskListView
        state={state}
        filtered={isFiltered(filter)}
        busy={actions.busy}
        onToggle={(task) => act(task, actions.toggle)}
        onDelete={setDeleting}
        onLoadMore={() => void loadMore().then((first) => first && setFocusTask(first))}
        onReload={reload}
      />
      {deleting && (
        <DeleteDialog
          task={deleting}
          onCancel={() => setDeleting(undefined)}
          onConfirm={() => {
            setDeleting(undefined);
            act(deleting, actions.remove);
          }}
        />
      )}
      <Outlet context={{ dispatch, close } satisfies DialogContext} />
    </main>
  );
}

function focusRow(taskId: string | undefined, otherwise: HTMLElement | null): void {
  const link = taskId === undefined ? null : document.getElementById(rowLinkId(taskId));
  (link ?? otherwise)?.focus();
}
