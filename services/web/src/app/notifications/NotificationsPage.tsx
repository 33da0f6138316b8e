import { Button, Empty, Icon, type IconName, PageHeader } from '@lab/ui-kit';
import { useEffect, useReducer, useState } from 'react';
import { Link } from 'react-router';
import type { Notification, NotificationKind } from 'taskmanager-api/contract';
import { useLogins, useSession } from '../session/session.tsx';
import { formatAgo, formatMoment } from '../tasks/due-date.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { ListLoading } from '../ui/ListLoading.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';

const KINDS: Record<NotificationKind, { text: string; icon: IconName; owned: boolean }> = {
  reminder: { text: 'Due soon', icon: 'clock', owned: true },
  // The task belongs to whoever assigned it: there is nothing to open.
  task_assigned: { text: 'Assigned to you', icon: 'person', owned: false },
  task_completed: { text: 'Completed', icon: 'check', owned: true },
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
      <PageHeader title="Notifications">
        <Button onClick={reload}>Refresh</Button>
      </PageHeader>
      {state.phase === 'loading' && <ListLoading what="notifications" />}
      {state.phase === 'failed' && <ErrorNotice error={state.error} onRetry={reload} />}
      {state.phase === 'ready' && state.items.length === 0 && (
        <Empty heading icon="alerts" title="No notifications">
          <p>You hear of tasks assigned to you, of your completed tasks, and an hour before one is due.</p>
        </Empty>
      )}
      {state.phase === 'ready' && state.items.length > 0 && (
        <ul className="card rows" aria-label="Notifications">
          {state.items.map((item) => (
            <NotificationRow key={item.id} item={item} />
          ))}
        </ul>
      )}
    </main>
  );
}

function NotificationRow({ item }: { item: Notification }) {
  const { text, icon, owned } = KINDS[item.kind];
  return (
    <li className="notification">
      <span className={`notification-icon tone-${item.kind === 'reminder' ? 'warning' : 'accent'}`}>
        <Icon name={icon} />
      </span>
      <div className="task-body">
        <p className="hint">{text}</p>
        {owned && item.taskId !== null ? (
          <Link className="task-title" to={`/tasks/${item.taskId}`}>
            {item.taskTitle}
          </Link>
        ) : (
          <span className="task-title">{item.taskTitle}</span>
        )}
      </div>
      <time className="hint" dateTime={item.createdAt} title={formatMoment(item.createdAt)}>
        {formatAgo(item.createdAt, Date.now())}
      </time>
    </li>
  );
}
