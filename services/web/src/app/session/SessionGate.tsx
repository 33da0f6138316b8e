import { Loading } from '@lab/ui-kit';
import { Navigate, Outlet, useLocation } from 'react-router';
import { PAGES } from '../../shared/pages.ts';
import { ErrorNotice } from '../ui/ErrorNotice.tsx';
import { SessionExpiredDialog } from './SessionExpiredDialog.tsx';
import { useSession } from './session.tsx';

/** Lets known users through to the pages below; sends others to log in, and back afterwards. */
export function SessionGate() {
  const { state, retry } = useSession();
  const location = useLocation();
  if (state.phase === 'loading') {
    return (
      <main className="lone-page">
        <Loading what="Task Manager" />
      </main>
    );
  }
  if (state.phase === 'failed') {
    return (
      <main className="lone-page">
        <h1 className="visually-hidden">Task Manager</h1>
        <ErrorNotice error={state.error} onRetry={retry} />
      </main>
    );
  }
  if (state.phase === 'anonymous') {
    return <Navigate to={PAGES.login} replace state={{ from: location.pathname + location.search }} />;
  }
  return (
    <>
      <Outlet />
      {state.expired && <SessionExpiredDialog email={state.user.email} />}
    </>
  );
}

/** Where the login page sends its visitor: only ever a path of this app, as `SessionGate` left it. */
export function destinationOf(state: unknown): string {
  const from = typeof state === 'object' && state !== null && 'from' in state ? state.from : undefined;
  return typeof from === 'string' && /^\/(?!\/)/.test(from) ? from : PAGES.tasks;
}
