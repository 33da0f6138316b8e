import { Dialog, Loading, useToast } from '@lab/ui-kit';
import { useEffect, useReducer, useState } from 'react';
import { useParams } from 'react-router';
import type { NewTask, Task, TaskChanges } from 'taskmanager-api/contract';
import { hasStatus } from '../http/api-error.ts';
import { useLogins, useSession } from '../session/session.tsx';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';
import { ConflictView } from './ConflictView.tsx';
import { TaskForm } from './TaskForm.tsx';
import { useTaskDialog } from './TasksPage.tsx';
import { changesSince, draftOf } from './task-draft.ts';

interface Conflict {
  theirs: Task;
  changes: TaskChanges;
}

export function EditTaskDialog() {
  usePageTitle('Edit task');
  const { id = '' } = useParams();
  const { api } = useSession();
  const { dispatch, close } = useTaskDialog();
  const toast = useToast();
  const [base, setBase, loadError, retry] = useTask(id);
  const [conflict, setConflict] = useState<Conflict>();

  /** Saves on top of `from`; where that is not the newest version any more, both are shown. */
  const save = async (from: Task, changes: TaskChanges) => {
    try {
      const task = await api.changeTask(from, changes);
      dispatch({ type: 'task-changed', task });
      toast(`Saved “${task.title}”`);
      close();
    } catch (cause) {
      if (!hasStatus(cause, 412)) throw cause;
      const theirs = await api.getTask(id);
      dispatch({ type: 'task-changed', task: theirs });
      setConflict({ theirs, changes });
    }
  };
  const submit = async (edited: NewTask) => {
    if (!base) return;
    const changes = changesSince(base, edited);
    if (Object.keys(changes).length === 0) close();
    else await save(base, changes);
  };

  return (
    <>
      {/* Ahead of the form it covers, so that it is taken away first: the focus cannot return below an open dialog. */}
      {base && conflict && (
        <Dialog title="Changed in the meantime" wide onClose={() => setConflict(undefined)}>
          <ConflictView
            base={base}
            {...conflict}
            onKeepMine={() => save(conflict.theirs, conflict.changes)}
            onTakeTheirs={() => {
              setBase(conflict.theirs);
              setConflict(undefined);
            }}
          />
        </Dialog>
      )}
      <Dialog title="Edit task" onClose={close}>
        {loadError !== undefined && <ErrorNotice error={loadError} onRetry={retry} />}
        {!base && loadError === undefined && <Loading what="the task" />}
        {base && (
          <TaskForm
            // A version taken over begins a new form.
            key={base.version}
            initial={draftOf(base)}
            submitLabel="Save"
            onSubmit={submit}
            onCancel={close}
          />
        )}
      </Dialog>
    </>
  );
}

/** The newest version of a task, fetched when the dialog opens: the list's may be old. */
function useTask(id: string) {
  const { api } = useSession();
  const logins = useLogins();
  const [task, setTask] = useState<Task>();
  const [error, setError] = useState<unknown>();
  const [attempt, retry] = useReducer((count: number) => count + 1, 0);
  const known = task !== undefined;

  // biome-ignore lint/correctness/useExhaustiveDependencies: `attempt` and `logins` ask again
  useEffect(() => {
    // A login in between must not take away what is being edited.
    if (known) return;
    const controller = new AbortController();
    setError(undefined);
    api
      .getTask(id, controller.signal)
      .then(setTask, (cause) => !controller.signal.aborted && setError(cause));
    return () => controller.abort();
  }, [api, id, attempt, logins, known]);

  return [task, setTask, error, retry] as const;
}
