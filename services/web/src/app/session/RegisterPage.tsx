import { Button, focusFirstInvalid, TextField } from '@lab/ui-kit';
import { type FormEvent, useEffect, useRef, useState } from 'react';
import { Link, useLocation } from 'react-router';
import { registrationSchema } from 'taskmanager-api/contract';
import { PAGES } from '../../shared/pages.ts';
import { ApiError, hasStatus } from '../http/api-error.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { AccountPage } from './AccountPage.tsx';
import { useSession } from './session.tsx';

const FIELDS = {
  displayName: {
    label: 'Name',
    expected: 'Your name, 1 to 100 characters.',
    type: 'text',
    autoComplete: 'name',
  },
  email: {
    label: 'E-mail',
    expected: 'An e-mail address such as name@example.org.',
    type: 'email',
    autoComplete: 'username',
  },
  password: {
    label: 'Password',
    expected: 'A password of 10 to 128 characters.',
    type: 'password',
    autoComplete: 'new-password',
  },
} as const;
type FieldName = keyof typeof FIELDS;
const FIELD_NAMES = Object.keys(FIELDS) as FieldName[];
type FieldErrors = Partial<Record<FieldName, string>>;

const expectations = (names: readonly string[]): FieldErrors =>
  Object.fromEntries(
    FIELD_NAMES.filter((name) => names.includes(name)).map((name) => [name, FIELDS[name].expected]),
  );

export function RegisterPage() {
  const { register } = useSession();
  const location = useLocation();
  const form = useRef<HTMLFormElement>(null);
  const [values, setValues] = useState({ displayName: '', email: '', password: '' });
  const [fieldErrors, setFieldErrors] = useState<FieldErrors>({});
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  useEffect(() => {
    if (Object.keys(fieldErrors).length > 0) focusFirstInvalid(form.current);
  }, [fieldErrors]);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    const registration = registrationSchema.safeParse({ ...values, email: values.email.trim() });
    if (!registration.success) {
      setFieldErrors(expectations(registration.error.issues.map(({ path }) => String(path[0]))));
      return;
    }
    setFieldErrors({});
    setBusy(true);
    try {
      await register(registration.data);
    } catch (cause) {
      const wrong = errorsOf(cause);
      if (wrong) setFieldErrors(wrong);
      else setError(cause);
      setBusy(false);
    }
  };

  return (
    <AccountPage title="Register">
      <form ref={form} className="stack" onSubmit={submit} noValidate>
        {error !== undefined && <ErrorNotice error={error} />}
        {FIELD_NAMES.map((name) => (
          <TextField
            key={name}
            label={FIELDS[name].label}
            error={fieldErrors[name]}
            hint={name === 'password' ? 'At least 10 characters.' : undefined}
            type={FIELDS[name].type}
            autoComplete={FIELDS[name].autoComplete}
            required
            value={values[name]}
            onText={(text) => setValues({ ...values, [name]: text })}
          />
        ))}
        <Button variant="primary" type="submit" disabled={busy}>
          {busy ? 'Registering…' : 'Register'}
        </Button>
      </form>
      <p className="muted">
        Have an account?{' '}
        <Link to={PAGES.login} state={location.state}>
          Log in
        </Link>
      </p>
    </AccountPage>
  );
}

/** What the API holds against single fields, if that is all. */
function errorsOf(cause: unknown): FieldErrors | undefined {
  if (hasStatus(cause, 409)) return { email: 'An account with this e-mail exists already.' };
  if (!(cause instanceof ApiError) || cause.status !== 400) return undefined;
  const errors = expectations(cause.problem?.errors?.map(({ field }) => field) ?? []);
  return Object.keys(errors).length > 0 ? errors : undefined;
}
