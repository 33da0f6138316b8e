import { Icon, IconButton } from '@lab/ui-kit';
import { Link, useLocation } from 'react-router';
import type { Task } from 'taskmanager-api/contract';
import { dueState, formatMoment } from './due-date.ts';

interface TaskRowProps {
  task: Task;
  busy: boolean;
  /** Milliseconds since the epoch, for what is overdue. */
  now: number;
  onToggle: () => void;
  onDelete: () => void;
}

const PRIORITY_LABELS = { high: 'High priority', low: 'Low priority' } as const;
const DUE_LABELS = { overdue: 'Overdue', soon: 'Due soon', later: 'Due' } as const;

const DUE_LOOKS = { overdue: 'text-critical', soon: 'text-warning', later: undefined } as const;

export function TaskRow({ task, busy, now, onToggle, onDelete }: TaskRowProps) {
  const { search } = useLocation();
  const completed = task.status === 'completed';
  return (
    <li className={completed ? 'task task-completed' : 'task'} aria-busy={busy}>
      <button
        type="button"
        className="task-check bare"
        aria-label={`${completed ? 'Reopen' : 'Complete'} “${task.title}”`}
        aria-disabled={busy}
        onClick={() => !busy && onToggle()}
      >
        <Icon name="check" />
      </button>
      <div className="task-body">
        <Link className="task-title" to={{ pathname: `/tasks/${task.id}`, search }} id={rowLinkId(task.id)}>
          {task.title}
        </Link>
        {task.description && <p className="muted truncate">{task.description}</p>}
        <TaskFacts task={task} now={now} />
      </div>
      <IconButton
        icon="trash"
        label={`Delete “${task.title}”`}
        aria-disabled={busy}
        onClick={() => !busy && onDelete()}
      />
    </li>
  );
}

function TaskFacts({ task, now }: { task: Task; now: number }) {
  const { priority, dueAt, assigneeEmail, completedAt } = task;
  const due = dueAt !== null && completedAt === null ? dueState(dueAt, now) : 'later';
  if (priority === 'normal' && dueAt === null && assigneeEmail === null && completedAt === null) return null;
  return (
    <ul className="facts hint">
      {priority !== 'normal' && (
        <li className={`badge tone-${priority === 'high' ? 'critical' : 'neutral'}`}>
          {PRIORITY_LABELS[priority]}
        </li>
      )}
      {completedAt !== null && <li>Completed {formatMoment(completedAt)}</li>}
      {dueAt !== null && completedAt === null && (
        <li className={DUE_LOOKS[due]}>
          <Icon name="clock" />
          {DUE_LABELS[due]} <time dateTime={dueAt}>{formatMoment(dueAt)}</time>
        </li>
      )}
      {assigneeEmail !== null && (
        <li className="assignee">
          <Icon name="person" />
          <span className="visually-hidden">Assigned to </span>
          <span className="wrap-anywhere">{assigneeEmail}</span>
        </li>
      )}
    </ul>
  );
}

/** Id of a row's link, for putting the focus there. */
export function rowLinkId(taskId: string): string {
  return `task-${taskId}`;
}
