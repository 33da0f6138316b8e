import type { IconName } from '@lab/ui-kit';
import type { Lab } from '../../contract/lab.ts';

export interface PageEntry {
  path: string;
  title: string;
  icon: IconName;
  /** Second key after `g`. */
  key: string;
  /** The tool that does it in full mode, where the console has no page of its own. */
  tool?: { feature: keyof Lab['features']; name: Lab['tools'][number]['name'] };
  /** Shares the time range with the other pages of its kind. */
  timed?: boolean;
}

export const PAGES: readonly PageEntry[] = [
  { path: '/', title: 'Overview', icon: 'overview', key: 'o' },
  { path: '/alerts', title: 'Alerts', icon: 'alerts', key: 'a' },
  { path: '/inbox', title: 'Inbox', icon: 'inbox', key: 'i' },
  { path: '/experiments', title: 'Experiments', icon: 'experiments', key: 'e' },
  {
    path: '/dashboards',
    title: 'Dashboards',
    icon: 'dashboards',
    key: 'd',
    tool: { feature: 'dashboards', name: 'grafana' },
  },
  {
    path: '/logs',
    title: 'Logs',
    icon: 'logs',
    key: 'l',
    tool: { feature: 'logs', name: 'kibana' },
    timed: true,
  },
  {
    path: '/traces',
    title: 'Traces',
    icon: 'traces',
    key: 't',
    tool: { feature: 'traces', name: 'jaeger' },
    timed: true,
  },
];

/** Where a page is to be found in this mode; an address outside where a tool does it. */
export function pageTarget(page: PageEntry, lab: Lab | undefined): { href: string; external: boolean } {
  const { tool } = page;
  if (!tool || !lab || lab.features[tool.feature]) return { href: page.path, external: false };
  const url = lab.tools.find(({ name }) => name === tool.name)?.url;
  return url === undefined ? { href: page.path, external: false } : { href: url, external: true };
}
