import type { Lab } from '../../contract/lab.ts';
import type { ConsoleConfig, Viewer } from '../config.ts';

type Links = Pick<Lab, 'tools' | 'linkTemplates' | 'features'>;

/** The console's own pages. */
const OWN = {
  trace: '/traces/{traceId}',
  traces: '/traces?service={service}&operation={operation}',
  traceLogs: '/logs?q=trace.id%3A{traceId}',
  logs: '/logs?q={query}',
  dashboard: '/dashboards/{uid}',
};
const FEATURES = [
  ['dashboards', 'dashboard'],
  ['logs', 'logs'],
  ['traces', 'trace'],
] as const;

const withoutSlash = (url: string | undefined) => url?.replace(/\/$/, '');

/** Where the tools are, and where one trace, log search or dashboard is shown: by a viewer that is given, else by the console. */
export function links({
  signals,
  viewers,
  publicUrls,
}: Pick<ConsoleConfig, 'signals' | 'viewers' | 'publicUrls'>): Links {
  const { web, prometheus, alertmanager } = publicUrls;
  const named = [
    { name: 'web', title: 'Task manager', url: web },
    { name: 'prometheus', title: 'Prometheus', url: prometheus },
    { name: 'alertmanager', title: 'Alertmanager', url: alertmanager },
  ];
  const tools = [
    ...named.flatMap(({ url, ...tool }) => (url === undefined ? [] : [{ ...tool, url, shows: [] }])),
    ...viewers.map(({ name, title, url, ...pages }) => ({
      name,
      title,
      url,
      shows: FEATURES.flatMap(([feature, page]) => (pages[page] === undefined ? [] : [feature])),
    })),
  ];
  const elsewhere = (feature: keyof Lab['features']) => tools.some(({ shows }) => shows.includes(feature));
  return {
    tools,
    features: {
      dashboards: !elsewhere('dashboards'),
      logs: signals !== undefined && !elsewhere('logs'),
      traces: signals !== undefined && !elsewhere('traces'),
    },
    linkTemplates: {
      ...OWN,
      ...viewerPages(viewers),
      runbook: '/runbooks/{alert}',
      graph: `${withoutSlash(prometheus)}/graph?g0.expr={expr}&g0.tab=0`,
    },
  };
}

/** Address templates of what viewers show; where two show the same, the later one's. */
function viewerPages(viewers: readonly Viewer[]): Partial<typeof OWN> {
  const pages: Partial<typeof OWN> = {};
  for (const { name: _, title: __, url, ...paths } of viewers)
    for (const [page, path] of Object.entries(paths) as [keyof typeof paths, string][])
      pages[page] = `${withoutSlash(url)}${path}`;
  const { logs } = pages;
  return logs === undefined
    ? pages
    : { ...pages, traceLogs: logs.replace('{query}', 'trace.id:"{traceId}"') };
}

/** Pages that a viewer shows instead: alerts link to the console, whoever shows what they are about. @returns undefined for others. */
export function elsewhere(path: string, search: string, viewers: readonly Viewer[]): string | undefined {
  const { dashboard, trace } = viewerPages(viewers);
  const [, uid] = /^\/d(?:ashboards)?\/([A-Za-z0-9_-]{1,40})$/.exec(path) ?? [];
  if (uid !== undefined && dashboard !== undefined) return `${dashboard.replace('{uid}', uid)}${search}`;
  const [, traceId] = /^\/traces\/([0-9a-f]{32})$/.exec(path) ?? [];
  return traceId === undefined ? undefined : trace?.replace('{traceId}', traceId);
}
