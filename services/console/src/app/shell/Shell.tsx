import { IconButton, Loading } from '@lab/ui-kit';
import { Suspense, useCallback, useEffect, useState } from 'react';
import { Outlet, useLocation } from 'react-router';
import type { Lab } from '../../contract/lab.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { Banners } from './Banners.tsx';
import { LabContext } from './lab-context.ts';
import { ShortcutsDialog } from './ShortcutsDialog.tsx';
import { Sidebar } from './Sidebar.tsx';
import { useGlobalShortcuts } from './use-shortcuts.ts';
import './shell.css';

/** The frame around every page: navigation, banners, shortcuts, and what the lab is (asked for every five seconds). */
export function Shell() {
  const { data: lab, error } = useQuery('lab', (signal) => getJson<Lab>('/api/lab', signal), {
    everyMs: 5000,
  });
  const [help, setHelp] = useState(false);
  const [drawer, setDrawer] = useState(false);
  const { pathname } = useLocation();
  useGlobalShortcuts(useCallback(() => setHelp(true), []));
  // biome-ignore lint/correctness/useExhaustiveDependencies: going to another page closes the drawer
  useEffect(() => setDrawer(false), [pathname]);
  return (
    <LabContext value={{ lab, error }}>
      <a className="skip-link" href="#main">
        Skip to content
      </a>
      <div className="shell" data-drawer={drawer}>
        <header className="topbar">
          <IconButton
            icon={drawer ? 'close' : 'menu'}
            label="Navigation"
            aria-expanded={drawer}
            aria-controls="navigation"
            onClick={() => setDrawer(!drawer)}
          />
          <span className="brand">
            <img src="/icon.svg" alt="" width="20" height="20" />
            Observability lab
          </span>
        </header>
        <div id="navigation" className="shell-nav">
          <Sidebar onShortcuts={() => setHelp(true)} />
        </div>
        <main id="main" className="shell-main" tabIndex={-1}>
          <Banners />
          <Suspense fallback={<Loading what="page" lines={6} />}>
            <Outlet />
          </Suspense>
        </main>
      </div>
      {help && <ShortcutsDialog onClose={() => setHelp(false)} />}
    </LabContext>
  );
}
