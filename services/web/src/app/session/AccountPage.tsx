import type { ReactNode } from 'react';
import { Navigate, useLocation } from 'react-router';
import { LonePage } from '../ui/LonePage.tsx';
import { usePageTitle } from '../ui/use-page-title.ts';
import { destinationOf } from './SessionGate.tsx';
import { useSession } from './session.tsx';

interface AccountPageProps {
  title: string;
  children: ReactNode;
}

/** Frame of the pages before the login. Whoever is logged in goes on to where they wanted to be. */
export function AccountPage({ title, children }: AccountPageProps) {
  const { state } = useSession();
  const location = useLocation();
  usePageTitle(title);
  if (state.phase === 'known') return <Navigate to={destinationOf(location.state)} replace />;
  return <LonePage title={title}>{children}</LonePage>;
}
