import { Link, useLocation } from 'react-router';
import type { Task } from 'taskmanager-api/contract';
import { CheckIcon, ClockIcon, PersonIcon, TrashIcon } from '../ui/icons.tsx';
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

export function TaskRow({ task, busy, now, onToggle, onDelete }: TaskRowProps) {
  const { search } = useLocation();
  const completed = task.status === 'completed';
  return (
    <li className={completed ? 'task task-completed' : 'task'} aria-busy={busy}>
      <button
        type="button"
        className="task-check"
        aria-label={`${completed ? 'Reopen' : 'Complete'} “${task.title}”`}
        aria-disabled={busy}
        onClick={() => !busy && onToggle()}
      >
        <CheckIcon />
      </button>
      <div className="task-body">
        <Link className="task-title" to={{ pathname: `/tasks/${task.id}`, search }} id={rowLinkId(task.id)}>
          {task.title}
        </Link>
        {task.description && <p className="task-description">{task.description}</p>}
        <TaskFacts task={task} now={now} />
      </div>
      <button
        type="button"
        className="icon-button task-delete"
        aria-label={`Delete “${task.title}”`}
        aria-disabled={busy}
        onClick={() => !busy && onDelete()}
      >
        <TrashIcon />
      </button>
    </li>
  );
}

function TaskFacts({ task, now }: { task: Task; now: number }) {
  const { priority, dueAt, assigneeEmail, completedAt } = task;
  const due = dueAt !== null && completedAt === null ? dueState(dueAt, now) : 'later';
  if (priority === 'normal' && dueAt === null && assigneeEmail === null && completedAt === null) return null;
  return (
    <ul className="facts">
      {priority !== 'normal' && <li className={`badge badge-${priority}`}>{PRIORITY_LABELS[priority]}</li>}
      {completedAt !== null && <li>Completed {formatMoment(completedAt)}</li>}
      {dueAt !== null && completedAt === null && (
        <li className={`due due-${due}`}>
          <ClockIcon />
          {DUE_LABELS[due]} <time dateTime={dueAt}>{formatMoment(dueAt)}</time>
        </li>
      )}
      {assigneeEmail !== null && (
        <li className="assignee">
          <PersonIcon />
          <span className="visually-hidden">Assigned to </span>
          <span>{assigneeEmail}</span>
        </li>
      )}
    </ul>
  );
}

/** Id of a row's link, for putting the focus there. */
export function rowLinkId(taskId: string): string {
  return `task-${taskId}`;
}
