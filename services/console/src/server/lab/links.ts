import type { Lab, LINK_NAMES } from '../../contract/lab.ts';
import type { ConsoleConfig } from '../config.ts';

type Links = Pick<Lab, 'tools' | 'linkTemplates'>;

const TITLES: Readonly<Record<(typeof LINK_NAMES)[number], string>> = {
  web: 'Task manager',
  console: 'Console',
  prometheus: 'Prometheus',
  alertmanager: 'Alertmanager',
  grafana: 'Grafana',
  kibana: 'Kibana',
  jaeger: 'Jaeger',
};

/** Where the tools are, and where one trace, log search or dashboard is shown: the console's own pages in lite. */
export function links({ mode, publicUrls }: Pick<ConsoleConfig, 'mode' | 'publicUrls'>): Links {
  const { web, prometheus, alertmanager, grafana, kibana, jaeger } = publicUrls;
  const own = mode === 'lite';
  const addresses = { web, prometheus, alertmanager, grafana, kibana, jaeger };
  const tools = (Object.keys(addresses) as (keyof typeof addresses)[]).flatMap((name) => {
    const url = addresses[name];
    return url === undefined ? [] : [{ name, title: TITLES[name], url }];
  });
  const base = (url: string | undefined) => url?.replace(/\/$/, '');
  const kibanaQuery = (query: string) =>
    kibana === undefined
      ? `${base(grafana) ?? ''}/explore`
      : `${base(kibana)}/app/discover#/?_a=(query:(language:kuery,query:'${query}'))`;
  return {
    tools,
    linkTemplates: {
      trace: own ? '/traces/{traceId}' : `${base(jaeger) ?? ''}/trace/{traceId}`,
      traceLogs: own ? '/logs?q=trace.id%3A{traceId}' : kibanaQuery('trace.id:"{traceId}"'),
      logs: own ? '/logs?q={query}' : kibanaQuery('{query}'),
      dashboard: own ? '/dashboards/{uid}' : `${base(grafana) ?? ''}/d/{uid}`,
      runbook: '/runbooks/{alert}',
      graph: `${base(prometheus)}/graph?g0.expr={expr}&g0.tab=0`,
    },
  };
}

/** In full mode, pages that a tool shows instead: alerts link to the console, whatever the mode. @returns undefined for others. */
export function elsewhere(
  path: string,
  search: string,
  { grafana, jaeger }: ConsoleConfig['publicUrls'],
): string | undefined {
  const [, uid] = /^\/d(?:ashboards)?\/([A-Za-z0-9_-]{1,40})$/.exec(path) ?? [];
  if (uid !== undefined && grafana !== undefined) return `${grafana.replace(/\/$/, '')}/d/${uid}${search}`;
  const [, traceId] = /^\/traces\/([0-9a-f]{32})$/.exec(path) ?? [];
  return traceId !== undefined && jaeger !== undefined
    ? `${jaeger.replace(/\/$/, '')}/trace/${traceId}`
    : undefined;
}
