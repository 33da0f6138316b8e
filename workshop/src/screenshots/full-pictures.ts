/**
 * The tools made for each thing, themselves. Written against their documented addresses and
 * markup; where no container engine is at hand they cannot be run, and the gallery says so.
 */
import { discover, type Viewers } from '@lab/cli';
import { DASHBOARDS } from './dashboards.ts';
import type { Picture } from './picture.ts';
import { atLeast, shows } from './proofs.ts';

/** The tools that are made for each thing. */
export const TOOLS: Viewers = {
  dashboards: 'grafana',
  logs: 'kibana',
  traces: 'jaeger',
  alerts: 'alertmanager',
};

export const FULL_DASHBOARDS: readonly Picture[] = DASHBOARDS.map(
  ({ uid, title, shows: seen, when, month }) => ({
    name: `grafana-${uid}`,
    title,
    shows: seen,
    when,
    address: ({ at, ...scene }) => {
      const { from, to } = (month && scene.month) || scene.range;
      return `${at('grafana')}/d/${uid}?from=${Math.round(from)}&to=${Math.round(to)}&timezone=utc&theme=light&kiosk`;
    },
    proofs: [
      atLeast('the panels are drawn', '[data-testid^="data-testid Panel header"]', ({ panels }) =>
        Math.min(panels(uid), 6),
      ),
    ],
    size: 2400,
  }),
);

const ROWS = '[data-test-subj="discoverDocTable"]';

export const FULL_LOGS: readonly Picture[] = [
  {
    name: 'kibana-logs',
    title: 'Application logs',
    shows: 'Lines of all services in Discover, over time, with the columns a person reads first.',
    when: 'calm',
    address: ({ at, range }) => discover(at('kibana'), 'service.name: taskmanager-*', range),
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
    address: ({ links, story }) =>
      links.logs(story.requestId, { from: story.at - 60_000, to: story.at + 60_000 }),
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
    address: ({ links, story }) => links.trace(story.traceId),
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
    address: ({ at }) => `${at('alertmanager')}/#/status`,
    proofs: [shows('the configuration', /slack-critical/, 'pre')],
    size: 'whole',
  },
  {
    name: 'alertmanager-alerts',
    title: 'A firing alert in Alertmanager',
    shows: 'What Alertmanager holds, grouped as it is sent.',
    when: 'api-errors',
    address: ({ at }) => `${at('alertmanager')}/#/alerts`,
    proofs: [shows('the experiment’s alert', ({ experiment }) => `${experiment?.alert}`)],
  },
];
