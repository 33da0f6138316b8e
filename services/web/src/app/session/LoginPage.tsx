import { Button, TextField } from '@lab/ui-kit';
import { type FormEvent, useState } from 'react';
import { Link, useLocation } from 'react-router';
import { credentialsSchema } from 'taskmanager-api/contract';
import { PAGES } from '../../shared/pages.ts';
import { hasStatus } from '../http/api-error.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { AccountPage } from './AccountPage.tsx';
import { useSession } from './session.tsx';

const WRONG = 'E-mail or password is wrong.';

export function LoginPage() {
  const { logIn } = useSession();
  const location = useLocation();
  const [email, setEmail] = useState('');
  const [password, setPassword] = useState('');
  const [wrong, setWrong] = useState(false);
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError(undefined);
    const credentials = credentialsSchema.safeParse({ email: email.trim(), password });
    setWrong(!credentials.success);
    if (!credentials.success) return;
    setBusy(true);
    try {
      await logIn(credentials.data);
    } catch (cause) {
      if (hasStatus(cause, 401)) setWrong(true);
      else setError(cause);
      setBusy(false);
    }
  };

  return (
    <AccountPage title="Log in">
      <form className="stack" onSubmit={submit} noValidate>
        {error !== undefined && <ErrorNotice error={error} />}
        <TextField
          label="E-mail"
          type="email"
          autoComplete="username"
          required
          value={email}
          onText={setEmail}
        />
        <TextField
          label="Password"
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onText={setPassword}
        />
        <p role="alert" className="field-error">
          {wrong && WRONG}
        </p>
        <Button variant="primary" type="submit" disabled={busy}>
          {busy ? 'Logging in…' : 'Log in'}
        </Button>
      </form>
      <p className="muted">
        No account yet?{' '}
        <Link to={PAGES.register} state={location.state}>
          Register
        </Link>
      </p>
    </AccountPage>
  );
}
