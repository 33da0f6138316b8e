import { Button, Field, focusFirstInvalid, TextField } from '@lab/ui-kit';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { type NewTask, TASK_PRIORITIES } from 'taskmanager-api/contract';
import { ApiError } from '../http/api-error.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { checkDraft, type DraftErrors, fieldErrors, type TaskDraft } from './task-draft.ts';

interface TaskFormProps {
  initial: TaskDraft;
  submitLabel: string;
  /** Saves a checked draft; what it throws is shown in the form. */
  onSubmit: (task: NewTask) => Promise<void>;
  onCancel: () => void;
}

export function TaskForm({ initial, submitLabel, onSubmit, onCancel }: TaskFormProps) {
  const form = useRef<HTMLFormElement>(null);
  const [draft, setDraft] = useState(initial);
  const [errors, setErrors] = useState<DraftErrors>({});
  const [failure, setFailure] = useState<unknown>();
  const [busy, setBusy] = useState(false);
  const set = (field: keyof TaskDraft) => (text: string) =>
    setDraft((before) => ({ ...before, [field]: text }));

  // The dialog does the same when it opens; this form may come later, once its task is loaded.
  useEffect(() => form.current?.querySelector('input')?.focus(), []);

  useEffect(() => {
    if (Object.keys(errors).length > 0) focusFirstInvalid(form.current);
  }, [errors]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setFailure(undefined);
    const checked = checkDraft(draft);
    setErrors(checked.ok ? {} : checked.errors);
    if (!checked.ok) return;
    setBusy(true);
    try {
      await onSubmit(checked.task);
    } catch (cause) {
      const wrong = fieldErrors(namesOfWrongFields(cause));
      setErrors(wrong);
      if (Object.keys(wrong).length === 0) setFailure(cause);
    } finally {
      setBusy(false);
    }
  };

  return (
    <form ref={form} className="stack" onSubmit={submit} noValidate>
      {failure !== undefined && <ErrorNotice error={failure} />}
      <TextField
        label="Title"
        error={errors.title}
        type="text"
        required
        value={draft.title}
        onText={set('title')}
        autoComplete="off"
      />
      <Field label="Description" error={errors.description}>
        {(control) => (
          <textarea
            {...control}
            rows={5}
            value={draft.description}
            onChange={(event) => set('description')(event.target.value)}
          />
        )}
      </Field>
      <div className="form-row">
        <Field label="Priority" error={errors.priority}>
          {(control) => (
            <select
              {...control}
              value={draft.priority}
              onChange={(event) => set('priority')(event.target.value)}
            >
              {TASK_PRIORITIES.map((priority) => (
                <option key={priority} value={priority}>
                  {priority[0]?.toUpperCase() + priority.slice(1)}
                </option>
              ))}
            </select>
          )}
        </Field>
        <TextField
          label="Due"
          error={errors.due}
          type="datetime-local"
          value={draft.due}
          onText={set('due')}
        />
      </div>
      <TextField
        label="Assign to"
        hint="E-mail of a registered user, who is then notified."
        error={errors.assigneeEmail}
        type="email"
        value={draft.assigneeEmail}
        onText={set('assigneeEmail')}
        autoComplete="off"
      />
      <div className="dialog-actions">
        <Button onClick={onCancel}>Cancel</Button>
        <Button variant="primary" type="submit" disabled={busy}>
          {busy ? 'Saving…' : submitLabel}
        </Button>
      </div>
    </form>
  );
}

function namesOfWrongFields(cause: unknown): string[] {
  if (!(cause instanceof ApiError) || cause.status !== 400) return [];
  return cause.problem?.errors?.map(({ field }) => field) ?? [];
}
