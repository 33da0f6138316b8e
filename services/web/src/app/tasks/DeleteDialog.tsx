import { Button, Dialog } from '@lab/ui-kit';
import type { Task } from 'taskmanager-api/contract';

interface DeleteDialogProps {
  task: Task;
  onCancel: () => void;
  onConfirm: () => void;
}

/** Asks before the one action that cannot be undone. */
export function DeleteDialog({ task, onCancel, onConfirm }: DeleteDialogProps) {
  return (
    <Dialog role="alertdialog" title="Delete this task?" onClose={onCancel}>
      <div className="stack">
        <p>
          <strong className="wrap-anywhere">“{task.title}”</strong> will be gone for good.
        </p>
        <div className="dialog-actions">
          <Button onClick={onCancel}>Keep it</Button>
          <Button variant="danger" onClick={onConfirm}>
            Delete
          </Button>
        </div>
      </div>
    </Dialog>
  );
}
