import { Icon, IconButton } from '@lab/ui-kit';
import { NavLink, useLocation } from 'react-router';
import type { Alerts } from '../../contract/alerts.ts';
import type { Lab } from '../../contract/lab.ts';
import { isWatchdog } from '../alerts/severity.ts';
import { getJson } from '../api/http.ts';
import { useQuery } from '../api/use-query.ts';
import { useLab } from './lab-context.ts';
import { PAGES, type PageEntry, pageTarget } from './pages.ts';
import { ThemeToggle } from './ThemeToggle.tsx';

/** How many alerts fire now, on every page; a question mark where nobody can tell. */
function FiringCount() {
  const { data, error } = useQuery('firing', (signal) => getJson<Alerts>('/api/alerts', signal), {
    everyMs: 10_000,
  });
  if (error || data?.alerts.status === 'unknown')
    return (
      <span className="nav-count nav-unknown" title="unknown">
        ?
      </span>
    );
  if (data?.alerts.status !== 'known') return null;
  const firing = data.alerts.value.filter((alert) => alert.state === 'firing' && !isWatchdog(alert.labels));
  if (firing.length === 0) return null;
  const critical = firing.some((alert) => alert.severity === 'critical');
  return (
    <span className={`nav-count tone-${critical ? 'critical' : 'warning'}`}>
      {firing.length}
      <span className="visually-hidden"> firing</span>
    </span>
  );
}

function PageLink({ page, lab, search }: { page: PageEntry; lab: Lab | undefined; search: string }) {
  const { href, external } = pageTarget(page, lab);
  const content = (
    <>
      <Icon name={page.icon} />
      <span>{page.title}</span>
    </>
  );
  if (external)
    return (
      <a className="nav-link hoverable" href={href} target="_blank" rel="noreferrer noopener">
        {content}
        <Icon name="external" label="(opens in a new tab)" />
      </a>
    );
  return (
    <NavLink
      className="nav-link hoverable"
      to={page.timed ? `${href}${search}` : href}
      end={page.path === '/'}
    >
      {content}
      {page.path === '/alerts' && <FiringCount />}
    </NavLink>
  );
}

/** Keeps a chosen time range when going from a dashboard to logs to traces. */
function rangeSearch(search: string): string {
  const current = new URLSearchParams(search);
  const kept = new URLSearchParams();
  for (const name of ['from', 'to']) {
    const value = current.get(name);
    if (value !== null) kept.set(name, value);
  }
  const text = kept.toString();
  return text === '' ? '' : `?${text}`;
}

export function Sidebar({ onShortcuts }: { onShortcuts: () => void }) {
  const { lab } = useLab();
  const { search } = useLocation();
  // What shows something has a place of its own in the list above.
  const tools = lab?.tools.filter(({ shows }) => shows.length === 0) ?? [];
  return (
    <section className="sidebar" aria-label="Lab">
      <NavLink to="/" className="brand">
        <img src="/icon.svg" alt="" width="24" height="24" />
        <span>Observability lab</span>
      </NavLink>
      <nav aria-label="Pages" className="nav">
        {PAGES.map((page) => (
          <PageLink key={page.path} page={page} lab={lab} search={rangeSearch(search)} />
        ))}
      </nav>
      {tools.length > 0 && (
        <nav aria-label="Tools" className="nav">
          <p className="nav-heading">Tools</p>
          {tools.map(({ name, title, url }) => (
            <a key={name} className="nav-link nav-tool" href={url} target="_blank" rel="noreferrer noopener">
              <span>{title}</span>
              <Icon name="external" label="(opens in a new tab)" />
            </a>
          ))}
        </nav>
      )}
      <div className="sidebar-foot">
        <p className="lab-facts">
          {lab ? `${lab.mode} mode${lab.speed === 1 ? '' : `, ${lab.speed}× speed`}` : 'mode unknown'}
          {lab && <span className="version">{lab.version}</span>}
        </p>
        <div className="foot-buttons">
          <IconButton
            icon="keyboard"
            label="Keyboard shortcuts"
            title="Keyboard shortcuts (?)"
            onClick={onShortcuts}
          />
          <ThemeToggle />
        </div>
      </div>
    </section>
  );
}
