import { Button } from '@lab/ui-kit';
import { useState } from 'react';
import type { Task, TaskChanges } from 'taskmanager-api/contract';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { type ComparedField, compareVersions } from './conflict.ts';
import { formatMoment } from './due-date.ts';

interface ConflictViewProps {
  /** The version that this user began from. */
  base: Task;
  theirs: Task;
  changes: TaskChanges;
  onKeepMine: () => Promise<void>;
  onTakeTheirs: () => void;
}

/** Both versions of a task that was saved elsewhere while it was edited here, and a choice. */
export function ConflictView({ base, theirs, changes, onKeepMine, onTakeTheirs }: ConflictViewProps) {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();

  const keepMine = async () => {
    setBusy(true);
    setError(undefined);
    try {
      await onKeepMine();
    } catch (cause) {
      setError(cause);
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="stack">
      {/* Neither choice may be one press of Enter away. */}
      <p tabIndex={-1} data-initial-focus>
        This task was saved somewhere else on{' '}
        <time dateTime={theirs.updatedAt}>{formatMoment(theirs.updatedAt)}</time>, after you had opened it.
        Which version should stay?
      </p>
      {error !== undefined && <ErrorNotice error={error} />}
      <table className="table versions">
        <thead>
          <tr>
            <td />
            <th scope="col">Saved version</th>
            <th scope="col">Your version</th>
          </tr>
        </thead>
        <tbody>
          {compareVersions(base, theirs, changes).map(({ field, label, theirs: saved, mine, clash }) => (
            <tr key={field} className={clash ? 'clash' : undefined}>
              <th scope="row">{label}</th>
              <td data-label="Saved version">{showValue(field, saved)}</td>
              <td data-label="Your version">{showValue(field, mine)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <div className="dialog-actions">
        <Button onClick={onTakeTheirs}>Use the saved version</Button>
        <Button variant="primary" disabled={busy} onClick={() => void keepMine()}>
          Save my version
        </Button>
      </div>
    </div>
  );
}

function showValue(field: ComparedField, value: string | null): string {
  if (value === null || value === '') return 'none';
  return field === 'dueAt' ? formatMoment(value) : value;
}
