import type { ReactNode } from 'react';
import { NavLink } from 'react-router';

/** Pages within a page, as links, so that each has an address. */
export function Tabs({ label, items }: { label: string; items: readonly { to: string; text: ReactNode }[] }) {
  return (
    <nav className="tabs" aria-label={label}>
      {items.map(({ to, text }) => (
        <NavLink key={to} to={to} end className="tab">
          {text}
        </NavLink>
      ))}
    </nav>
  );
}
