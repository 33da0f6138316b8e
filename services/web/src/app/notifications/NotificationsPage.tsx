import { useEffect, useReducer, useState } from 'react';
import { Link } from 'react-router';
import type { Notification, NotificationKind } from 'taskmanager-api/contract';
import { useLogins, useSession } from '../session/session.tsx';
import { formatAgo, formatMoment } from '../tasks/due-date.ts';
import { EmptyState } from '../ui/EmptyState.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { BellIcon, CheckIcon, ClockIcon, PersonIcon } from '../ui/icons.tsx';
import { ListSkeleton } from '../ui/ListSkeleton.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';

const KINDS: Record<NotificationKind, { text: string; Icon: typeof BellIcon; owned: boolean }> = {
  reminder: { text: 'Due soon', Icon: ClockIcon, owned: true },
  // The task belongs to whoever assigned it: there is nothing to open.
  task_assigned: { text: 'Assigned to you', Icon: PersonIcon, owned: false },
  task_completed: { text: 'Completed', Icon: CheckIcon, owned: true },
};

type State =
  | { phase: 'loading' }
  | { phase: 'failed'; error: unknown }
  | { phase: 'ready'; items: Notification[] };

export function NotificationsPage() {
  usePageTitle('Notifications');
  const { api } = useSession();
  const logins = useLogins();
  const [state, setState] = useState<State>({ phase: 'loading' });
  const [attempt, reload] = useReducer((count: number) => count + 1, 0);

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` and `logins` ask again
  useEffect(() => {
    const controller = new AbortController();
    api.listNotifications(controller.signal).then(
      ({ items }) => setState({ phase: 'ready', items }),
      (error) => !controller.signal.aborted && setState({ phase: 'failed', error }),
    );
    return () => controller.abort();
  }, [api, attempt, logins]);

  return (
    <main className="page" id="main" tabIndex={-1}>
      <div className="page-head">
        <h1>Notifications</h1>
        <button type="button" className="button" onClick={reload}>
          Refresh
        </button>
      </div>
      {state.phase === 'loading' && <ListSkeleton label="Loading notifications…" />}
      {state.phase === 'failed' && <ErrorNotice error={state.error} onRetry={reload} />}
      {state.phase === 'ready' && state.items.length === 0 && (
        <EmptyState icon={<BellIcon />} title="No notifications">
          <p>You hear of tasks assigned to you, of your completed tasks, and an hour before one is due.</p>
        </EmptyState>
      )}
      {state.phase === 'ready' && state.items.length > 0 && (
        <ul className="tasks" aria-label="Notifications">
          {state.items.map((item) => (
            <NotificationRow key={item.id} item={item} />
          ))}
        </ul>
      )}
    </main>
  );
}

function NotificationRow({ item }: { item: Notification }) {
  const { text, Icon, owned } = KINDS[item.kind];
  return (
    <li className="notification">
      <span className={`notification-icon notification-${item.kind}`}>
        <Icon />
      </span>
      <div className="task-body">
        <p className="notification-kind">{text}</p>
        {owned && item.taskId !== null ? (
          <Link className="task-title" to={`/tasks/${item.taskId}`}>
            {item.taskTitle}
          </Link>
        ) : (
          <span className="task-title">{item.taskTitle}</span>
        )}
      </div>
      <time className="quiet" dateTime={item.createdAt} title={formatMoment(item.createdAt)}>
        {formatAgo(item.createdAt, Date.now())}
      </time>
    </li>
  );
}
