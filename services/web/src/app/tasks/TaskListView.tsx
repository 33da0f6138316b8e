import { Link } from 'react-router';
import type { Task } from 'taskmanager-api/contract';
import { PAGES } from '../../shared/pages.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { InboxIcon, SearchIcon } from '../ui/icons.tsx';
import { ListSkeleton } from '../ui/ListSkeleton.tsx';
import { TaskRow } from './TaskRow.tsx';
import type { TaskListState } from './task-list-state.ts';

interface TaskListViewProps {
  state: TaskListState;
  filtered: boolean;
  busy: ReadonlySet<string>;
  onToggle: (task: Task) => void;
  onDelete: (task: Task) => void;
  onLoadMore: () => void;
  onReload: () => void;
}

export function TaskListView(props: TaskListViewProps) {
  const { state, filtered, busy, onToggle, onDelete, onLoadMore, onReload } = props;
  const { phase, items, nextCursor, more } = state;
  if (phase === 'loading') return <ListSkeleton label="Loading tasks…" />;
  if (phase === 'failed') return <ErrorNotice error={state.error} onRetry={onReload} />;
  if (items.length === 0 && nextCursor === null) return <NoTasks filtered={filtered} />;
  const now = Date.now();
  return (
    <>
      <ul className="tasks" aria-label="Tasks" aria-busy={phase === 'refreshing'}>
        {items.map((task) => (
          <TaskRow
            key={task.id}
            task={task}
            busy={busy.has(task.id)}
            now={now}
            onToggle={() => onToggle(task)}
            onDelete={() => onDelete(task)}
          />
        ))}
      </ul>
      {more.phase === 'failed' && <ErrorNotice error={more.error} onRetry={onLoadMore} />}
      {nextCursor !== null && more.phase !== 'failed' && (
        <button
          type="button"
          className="button load-more"
          aria-disabled={more.phase === 'loading'}
          onClick={() => more.phase === 'idle' && onLoadMore()}
        >
          {more.phase === 'loading' ? 'Loading…' : 'Load more'}
        </button>
      )}
    </>
  );
}

function NoTasks({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <EmptyState icon={<SearchIcon />} title="No task matches">
        <p>Nothing fits this search and status.</p>
        <Link className="button" to={{ search: '' }}>
          Show all tasks
        </Link>
      </EmptyState>
    );
  }
  return (
    <EmptyState icon={<InboxIcon />} title="No tasks yet">
      <p>What has to be done?</p>
      <Link className="button button-primary" to={PAGES.newTask}>
        Create the first task
      </Link>
    </EmptyState>
  );
}
