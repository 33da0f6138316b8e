import type { ReactNode } from 'react';
import { LogoMark } from './LogoMark.tsx';

interface LonePageProps {
  title: string;
  /** For what a screen reader must say at once. */
  role?: 'alert';
  children: ReactNode;
}

/** Frame of a page that is not part of the app behind the login: the app's name above one card. */
export function LonePage({ title, role, children }: LonePageProps) {
  return (
    <main className="lone-page">
      <p className="brand">
        <LogoMark /> Task Manager
      </p>
      <div className="card card-body stack" role={role}>
        <h1>{title}</h1>
        {children}
      </div>
    </main>
  );
}
