import { Button, Empty } from '@lab/ui-kit';
import { Link } from 'react-router';
import type { Task } from 'taskmanager-api/contract';
import { PAGES } from '../../shared/pages.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { ListLoading } from '../ui/ListLoading.tsx';
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
  if (phase === 'loading') return <ListLoading what="tasks" />;
  if (phase === 'failed') return <ErrorNotice error={state.error} onRetry={onReload} />;
  if (items.length === 0 && nextCursor === null) return <NoTasks filtered={filtered} />;
  const now = Date.now();
  return (
    <>
      <ul className="card rows" aria-label="Tasks" aria-busy={phase === 'refreshing'}>
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
        <Button
          className="load-more"
          aria-disabled={more.phase === 'loading'}
          onClick={() => more.phase === 'idle' && onLoadMore()}
        >
          {more.phase === 'loading' ? 'Loading…' : 'Load more'}
        </Button>
      )}
    </>
  );
}

function NoTasks({ filtered }: { filtered: boolean }) {
  if (filtered) {
    return (
      <Empty heading icon="search" title="No task matches">
        <p>Nothing fits this search and status.</p>
        <Link className="button" to={{ search: '' }}>
          Show all tasks
        </Link>
      </Empty>
    );
  }
  return (
    <Empty heading icon="inbox" title="No tasks yet">
      <p>What has to be done?</p>
      <Link className="button button-primary" to={PAGES.newTask}>
        Create the first task
      </Link>
    </Empty>
  );
}
