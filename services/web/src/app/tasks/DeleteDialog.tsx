import type { Task } from 'taskmanager-api/contract';
import { Dialog } from '../ui/Dialog.tsx';

interface DeleteDialogProps {
  task: Task;
  onCancel: () => void;
  onConfirm: () => void;
}

/** Asks before the one action that cannot be undone. */
export function DeleteDialog({ task, onCancel, onConfirm }: DeleteDialogProps) {
  return (
    <Dialog role="alertdialog" title="Delete this task?" onClose={onCancel}>
      <div className="dialog-body">
        <p>
          <strong className="wrap">“{task.title}”</strong> will be gone for good.
        </p>
        <div className="dialog-actions">
          <button type="button" className="button" onClick={onCancel}>
            Keep it
          </button>
          <button type="button" className="button button-danger" onClick={onConfirm}>
            Delete
          </button>
        </div>
      </div>
    </Dialog>
  );
}
