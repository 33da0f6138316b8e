import type { IconName } from '@lab/ui-kit';
import type { Lab } from '../../contract/lab.ts';

export interface PageEntry {
  path: string;
  title: string;
  icon: IconName;
  /** Second key after `g`. */
  key: string;
  /** What it shows where no tool shows it. */
  feature?: keyof Lab['features'];
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
    feature: 'dashboards',
  },
  {
    path: '/logs',
    title: 'Logs',
    icon: 'logs',
    key: 'l',
    feature: 'logs',
    timed: true,
  },
  {
    path: '/traces',
    title: 'Traces',
    icon: 'traces',
    key: 't',
    feature: 'traces',
    timed: true,
  },
];

/** The tool that shows it in the console's place, if there is one. */
export function toolFor(
  feature: keyof Lab['features'],
  lab: Lab | undefined,
): Lab['tools'][number] | undefined {
  return lab?.tools.findLast(({ shows }) => shows.includes(feature));
}

/** Where a page is to be found in this lab; an address outside where a tool does it. */
export function pageTarget(page: PageEntry, lab: Lab | undefined): { href: string; external: boolean } {
  const { feature } = page;
  if (!feature || !lab || lab.features[feature]) return { href: page.path, external: false };
  const url = toolFor(feature, lab)?.url;
  return url === undefined ? { href: page.path, external: false } : { href: url, external: true };
}
