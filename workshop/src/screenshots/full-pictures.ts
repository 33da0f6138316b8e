/**
 * What full mode adds: Grafana, Kibana, Jaeger and Alertmanager themselves. Written against their documented addresses and
 * markup; where no container engine is at hand they cannot be run, and the gallery says so.
 */
import { DASHBOARDS } from './dashboards.ts';
import type { Picture, Scene } from './picture.ts';
import { atLeast, shows } from './proofs.ts';

const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

export const FULL_DASHBOARDS: readonly Picture[] = DASHBOARDS.map(
  ({ uid, title, shows: seen, when, month }) => ({
    name: `grafana-${uid}`,
    title,
    shows: seen,
    when,
    address: ({ at, ...scene }) => {
      const { from, to } = (month && scene.month) || scene.range;
      return `${at('Grafana')}/d/${uid}?from=${Math.round(from)}&to=${Math.round(to)}&timezone=utc&theme=light&kiosk`;
    },
    proofs: [
      atLeast('the panels are drawn', '[data-testid^="data-testid Panel header"]', ({ panels }) =>
        Math.min(panels(uid), 6),
      ),
    ],
    size: 2400,
  }),
);

/** Discover of the data view `logs-taskmanager`, with the columns a person reads first. */
function discover({ at, range: { from, to } }: Scene, query: string): string {
  const time = `_g=(time:(from:'${iso(from)}',to:'${iso(to)}'))`;
  const columns = 'columns:!(service.name,log.level,message,http.request.id,trace.id)';
  const asked = `query:(language:kuery,query:'${encodeURIComponent(query)}')`;
  return `${at('Kibana')}/app/discover#/?${time}&_a=(dataSource:(dataViewId:logs-taskmanager,type:dataView),${columns},${asked})`;
}

const ROWS = '[data-test-subj="discoverDocTable"]';

export const FULL_LOGS: readonly Picture[] = [
  {
    name: 'kibana-logs',
    title: 'Application logs',
    shows: 'Lines of all services in Discover, over time, with the columns a person reads first.',
    when: 'calm',
    address: (scene) => discover(scene, 'service.name: taskmanager-*'),
    proofs: [
      shows('lines of the API', 'taskmanager-api', ROWS),
      shows('lines of web', 'taskmanager-web', ROWS),
    ],
  },
  {
    name: 'kibana-one-request',
    title: 'One request’s story in the logs',
    shows: 'The lines that carry one request’s id, from web and the API.',
    when: 'calm',
    address: ({ story, ...scene }) =>
      discover(
        { ...scene, story, range: { from: story.at - 60_000, to: story.at + 60_000 } },
        `http.request.id: "${story.requestId}"`,
      ),
    proofs: [
      shows('the request’s id', ({ story }) => story.requestId, ROWS),
      shows('the trace’s id', ({ story }) => story.traceId, ROWS),
    ],
  },
];

export const FULL_TRACES: readonly Picture[] = [
  {
    name: 'jaeger-trace',
    title: 'A distributed trace',
    shows: 'One click in the browser: through web and the API to each statement in Postgres.',
    when: 'calm',
    address: ({ at, story }) => `${at('Jaeger')}/trace/${story.traceId}`,
    proofs: [
      atLeast('every span of the trace', '.span-row', ({ story }) => story.spans),
      shows('spans of the browser', 'taskmanager-browser'),
      shows('spans of the API', 'taskmanager-api'),
    ],
  },
];

export const FULL_ALERTMANAGER: readonly Picture[] = [
  {
    name: 'alertmanager-status',
    title: 'Alertmanager’s configuration',
    shows: 'Alertmanager’s own status page: its version and the configuration as loaded.',
    when: 'calm',
    address: ({ at }) => `${at('Alertmanager')}/#/status`,
    proofs: [shows('the configuration', /slack-critical/, 'pre')],
    size: 'whole',
  },
  {
    name: 'alertmanager-alerts',
    title: 'A firing alert in Alertmanager',
    shows: 'What Alertmanager holds, grouped as it is sent.',
    when: 'api-errors',
    address: ({ at }) => `${at('Alertmanager')}/#/alerts`,
    proofs: [shows('the experiment’s alert', ({ experiment }) => `${experiment?.alert}`)],
  },
];
