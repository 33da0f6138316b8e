import { Button, Dialog, TextField } from '@lab/ui-kit';
import { type FormEvent, useState } from 'react';
import { hasStatus } from '../http/api-error.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { useSession } from './session.tsx';

/** Asks for the password again on top of the page, so that nothing typed there is lost. */
export function SessionExpiredDialog({ email }: { email: string }) {
  const { logIn, logOut } = useSession();
  const [password, setPassword] = useState('');
  const [error, setError] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const attempt = async (action: () => Promise<void>) => {
    setBusy(true);
    setError(undefined);
    try {
      await action();
    } catch (cause) {
      setError(cause);
      setBusy(false);
    }
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void attempt(() => logIn({ email, password }));
  };
  const wrong = hasStatus(error, 401) || hasStatus(error, 400);

  return (
    <Dialog title="Your session has ended" onClose={() => void attempt(logOut)}>
      <form className="stack" onSubmit={submit} noValidate>
        <p>Log in again to go on where you were. What you typed is still there.</p>
        {error !== undefined && !wrong && <ErrorNotice error={error} />}
        <input type="email" autoComplete="username" value={email} readOnly hidden />
        <TextField
          label={`Password of ${email}`}
          error={wrong ? 'The password is wrong.' : undefined}
          type="password"
          autoComplete="current-password"
          value={password}
          onText={setPassword}
        />
        <div className="dialog-actions">
          <Button disabled={busy} onClick={() => void attempt(logOut)}>
            Log out
          </Button>
          <Button variant="primary" type="submit" disabled={busy}>
            Log in
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
