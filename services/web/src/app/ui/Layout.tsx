import { Button } from '@lab/ui-kit';
import { useState } from 'react';
import { Link, NavLink, Outlet, useLocation, useMatch } from 'react-router';
import { PAGES } from '../../shared/pages.ts';
import { useSession } from '../session/session.tsx';
import { ErrorNotice } from './ErrorNotice.tsx';
import { LogoMark } from './LogoMark.tsx';

/** Head of every page after the login. */
export function Layout() {
  const { state, logOut } = useSession();
  const [error, setError] = useState<unknown>();
  const { pathname } = useLocation();
  const onTasks = useMatch(PAGES.task) !== null || pathname === PAGES.tasks;

  const leave = async () => {
    setError(undefined);
    try {
      await logOut();
    } catch (cause) {
      setError(cause);
    }
  };

  return (
    <>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <header className="app-head">
        <div className="app-head-inner">
          <Link className="brand" to={PAGES.tasks} aria-label="Task Manager, home">
            <LogoMark /> <span className="brand-name">Task Manager</span>
          </Link>
          <nav className="app-nav tabs" aria-label="Pages">
            <Link className="tab" to={PAGES.tasks} aria-current={onTasks ? 'page' : undefined}>
              Tasks
            </Link>
            <NavLink className="tab" to={PAGES.notifications}>
              Notifications
            </NavLink>
          </nav>
          <div className="account">
            {state.phase === 'known' && (
              <span className="account-name muted truncate">{state.user.displayName}</span>
            )}
            <Button variant="quiet" onClick={() => void leave()}>
              Log out
            </Button>
          </div>
        </div>
      </header>
      {error !== undefined && (
        <div className="page">
          <ErrorNotice error={error} onDismiss={() => setError(undefined)} />
        </div>
      )}
      <Outlet />
    </>
  );
}
