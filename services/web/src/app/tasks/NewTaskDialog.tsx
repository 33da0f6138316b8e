import { Dialog, useToast } from '@lab/ui-kit';
import { useSession } from '../session/session.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';
import { TaskForm } from './TaskForm.tsx';
import { useTaskDialog } from './TasksPage.tsx';
import { EMPTY_DRAFT } from './task-draft.ts';

export function NewTaskDialog() {
  usePageTitle('New task');
  const { api } = useSession();
  const { dispatch, close } = useTaskDialog();
  const toast = useToast();
  return (
    <Dialog title="New task" onClose={close}>
      <TaskForm
        initial={EMPTY_DRAFT}
        submitLabel="Create"
        onCancel={close}
        onSubmit={async (draft) => {
          const task = await api.createTask(draft);
          dispatch({ type: 'task-added', task });
          toast(`Created “${task.title}”`);
          close();
        }}
      />
    </Dialog>
  );
}
