/** Something that a person asked for and that may fail. */
import { useState } from 'react';
import { ApiError } from '../api/http.ts';

export function useAttempt() {
  const [failure, setFailure] = useState<string>();
  const [busy, setBusy] = useState(false);
  const attempt = async (action: () => Promise<void>) => {
    setBusy(true);
    try {
      await action();
      setFailure(undefined);
    } catch (error) {
      setFailure(error instanceof ApiError ? error.message : String(error));
    }
    setBusy(false);
  };
  return { failure, setFailure, busy, attempt };
}

/** Says why it failed; nothing where it did not. */
export function Refused({ reason, className = '' }: { reason: string | undefined; className?: string }) {
  if (reason === undefined) return null;
  return (
    <p className={`text-critical ${className}`} role="alert">
      {reason}
    </p>
  );
}
