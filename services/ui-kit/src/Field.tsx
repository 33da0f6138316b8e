import { type ComponentProps, type ReactNode, useId } from 'react';
import { Icon } from './Icon.tsx';

/** The attributes that tie a control to its label, hint and error. */
interface ControlProps {
  id: string;
  'aria-describedby'?: string;
  'aria-invalid'?: true;
}

interface FieldProps {
  label: ReactNode;
  hint?: string | undefined;
  error?: string | undefined;
  children: (control: ControlProps) => ReactNode;
}

/** A labelled form control with its hint or, in its place, what is wrong. */
export function Field({ label, hint, error, children }: FieldProps) {
  const id = useId();
  const noteId = `${id}-note`;
  const note = error ?? hint;
  const control: ControlProps = {
    id,
    ...(note ? { 'aria-describedby': noteId } : {}),
    ...(error ? { 'aria-invalid': true } : {}),
  };
  return (
    <div className="field">
      <label htmlFor={id} className="note wrap-anywhere">
        {label}
      </label>
      {children(control)}
      {note && (
        <p id={noteId} className={error ? 'field-error' : 'hint'}>
          {note}
        </p>
      )}
    </div>
  );
}

interface TextFieldProps extends Omit<FieldProps, 'children'>, Omit<ComponentProps<'input'>, 'onChange'> {
  value: string;
  onText: (text: string) => void;
}

/** A labelled line of text. */
export function TextField({ label, hint, error, onText, ...input }: TextFieldProps) {
  return (
    <Field label={label} hint={hint} error={error}>
      {(control) => <input {...control} {...input} onChange={(event) => onText(event.target.value)} />}
    </Field>
  );
}

/** Puts the focus on a form's first control that is wrong; call it once the errors are rendered. */
export function focusFirstInvalid(form: HTMLFormElement | null): void {
  form?.querySelector<HTMLElement>('[aria-invalid]')?.focus();
}

/** A search field; `data-search` marks it for a shortcut that goes to a page's search. */
export function SearchBox({ label, ...props }: { label: string } & ComponentProps<'input'>) {
  return (
    <label className="search-box">
      <span className="visually-hidden">{label}</span>
      <Icon name="search" />
      <input type="search" data-search {...props} />
    </label>
  );
}
