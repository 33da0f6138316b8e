/** What people's browsers report: Web Vitals, script errors, page loads. `synthetic` tells the lab's own visitors from people. */
import {
  EventsPerSecond,
  PercentUnit,
  RequestsPerSecond,
  Seconds,
  Short,
} from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { heatmap } from '../build/heatmap.ts';
import { logs, runbook, traces } from '../build/links.ts';
import type { Panel } from '../build/panel.ts';
import { buckets, perSecond, quantile, share } from '../build/promql.ts';
import { stat } from '../build/stat.ts';
import { alertThreshold, patience, worseAbove } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';

const CHOSEN = 'route=~"$page",synthetic=~"$synthetic"';
/** Vitals are few, so they are judged over a quarter of an hour, as their alerts do. */
const WINDOW = '15m';

interface Vital {
  metric: string;
  title: string;
  shows: string;
  act: string;
  unit: string;
  /** Up to here web.dev calls it good, above `poor` poor: https://web.dev/articles/vitals */
  good: number;
  poor: number;
  alert?: string;
}

const VITALS: readonly Vital[] = [
  {
    metric: 'web_vitals_lcp_seconds',
    title: 'LCP: content is there',
    shows: 'How long until the largest piece of content was painted',
    act: 'compare with TTFB: if that is up, the server is slow; if not, the page itself grew heavier.',
    unit: Seconds,
    good: 2.5,
    poor: alertThreshold('LargestContentfulPaintPoor'),
    alert: 'LargestContentfulPaintPoor',
  },
  {
    metric: 'web_vitals_inp_seconds',
    title: 'INP: reacts to input',
    shows: 'How long after a click or key the page showed that it noticed',
    act: 'a script computes too long at a time: look at what came with the last release.',
    unit: Seconds,
    good: 0.2,
    poor: alertThreshold('InteractionToNextPaintPoor'),
    alert: 'InteractionToNextPaintPoor',
  },
  {
    metric: 'web_vitals_cls',
    title: 'CLS: stays where it is',
    shows: 'How much of the page moved under the reader’s eyes (a score without unit)',
    act: 'something loads late and pushes the rest: give it its place in advance.',
    unit: Short,
    good: 0.1,
    poor: alertThreshold('CumulativeLayoutShiftPoor'),
    alert: 'CumulativeLayoutShiftPoor',
  },
  {
    metric: 'web_vitals_fcp_seconds',
    title: 'FCP: something is there',
    shows: 'How long until anything was painted',
    act: 'with TTFB up, the server; otherwise scripts and styles that hold up the first picture.',
    unit: Seconds,
    good: 1.8,
    poor: 3,
  },
  {
    metric: 'web_vitals_ttfb_seconds',
    title: 'TTFB: server answers',
    shows: 'How long until the first byte of the page arrived',
    act: 'look at web’s own durations below: network, or web.',
    unit: Seconds,
    good: 0.8,
    poor: 1.8,
  },
];

const p75 = (metric: string, by = '') =>
  quantile(0.75, `${metric}_bucket{${CHOSEN}}`, by).replace('$__rate_interval', WINDOW);

const steps = ({ good, poor }: Vital) => worseAbove({ warn: good, bad: poor });

function about({ shows, act, good, poor, unit }: Vital) {
  const suffix = unit === Seconds ? ' s' : '';
  return {
    shows: `${shows}, for three of four page views (p75, over ${WINDOW}).`,
    normal: `green, up to ${good}${suffix}; red, above ${poor}${suffix}, is what web.dev calls poor.`,
    act,
  };
}

/** A tile a vital, the first row of five: four columns each, and one of four for script errors. */
export const vitalTiles: readonly Panel[] = VITALS.map((vital) =>
  stat(vital.title, {
    ...about(vital),
    unit: vital.unit,
    ...(vital.unit === Short && { decimals: 3 }),
    steps: steps(vital),
    queries: [{ promql: `${p75(vital.metric)} >= 0`, legend: 'p75' }],
  }),
);

const errorsAllowed = alertThreshold('BrowserErrors');

export const errorsTile = stat('Script errors', {
  shows: 'Script errors that browsers reported, for each page view.',
  normal: 'zero.',
  act: 'red is where BrowserErrors fires: read the messages in the log lines of taskmanager-web.',
  decimals: 2,
  steps: worseAbove({ warn: errorsAllowed / 10, bad: errorsAllowed }),
  queries: [
    {
      promql: `sum(rate(frontend_errors_total{synthetic=~"$synthetic"}[${WINDOW}])) / (sum(rate(web_vitals_ttfb_seconds_count{synthetic=~"$synthetic"}[${WINDOW}])) > 0)`,
      legend: 'a page view',
    },
  ],
});

export const vitalsByPage: readonly Panel[] = VITALS.slice(0, 3).map((vital) =>
  timeSeries(`${vital.title.split(':')[0]} by page, p75`, {
    ...about(vital),
    width: 8,
    unit: vital.unit,
    limits: steps(vital),
    ...(vital.alert !== undefined && { links: [runbook(vital.alert)] }),
    queries: [{ promql: `${p75(vital.metric, 'route')} >= 0`, legend: '{{route}}' }],
  }),
);

export const otherVitals = timeSeries('FCP and TTFB, p75', {
  shows: 'When something was to be seen, and when the first byte came, for three of four page views.',
  normal: 'FCP well below 1.8 s, TTFB below 0.8 s, and the distance between them steady.',
  act: 'both up: the server or the network. Only FCP: scripts and styles.',
  unit: Seconds,
  queries: [
    { promql: `${p75('web_vitals_fcp_seconds')} >= 0`, legend: 'FCP', color: COLOR.p90 },
    { promql: `${p75('web_vitals_ttfb_seconds')} >= 0`, legend: 'TTFB', color: COLOR.p50 },
  ],
});

export const lcpDistribution = heatmap('Distribution of LCP', {
  shows: 'How many page views had their content after how long.',
  normal: 'dark below 2.5 s.',
  act: 'a second band above is a group of people with slow machines or networks, or one heavy page: choose the page above.',
  unit: Seconds,
  queries: [{ promql: buckets(`web_vitals_lcp_seconds_bucket{${CHOSEN}}`), legend: '{{le}}' }],
});

export const scriptErrors = timeSeries('Script errors by kind', {
  shows:
    'Errors that browsers reported: thrown ones and promises that nobody caught; the lab’s own visitors apart.',
  normal: 'zero.',
  act: 'the log lines of taskmanager-web carry message and stack.',
  unit: EventsPerSecond,
  links: [runbook('BrowserErrors'), logs('Messages', 'service.name:taskmanager-web AND log.level:error')],
  queries: [
    {
      promql: perSecond('frontend_errors_total{synthetic="false"}', 'kind'),
      legend: '{{kind}}',
    },
    {
      promql: perSecond('frontend_errors_total{synthetic="true"}', 'kind'),
      legend: '{{kind}}, synthetic',
      dashed: true,
    },
  ],
});

export const pageViews = timeSeries('Page views', {
  shows: 'Page views that browsers reported a second, by page.',
  normal: 'in step with traffic.',
  act: 'traffic without page views: scripts are broken, or the intake refuses them (right).',
  unit: EventsPerSecond,
  stacked: true,
  queries: [
    {
      promql: perSecond(`web_vitals_ttfb_seconds_count{${CHOSEN}}`, 'route'),
      legend: '{{route}}',
    },
  ],
});

export const intake = timeSeries('Refused browser telemetry', {
  shows: 'Reports that web refused: invalid, too large, or too many from one address.',
  normal: 'zero.',
  act: '"invalid" after a release: the app reports something that web does not know. "rate_limited": one browser in a loop.',
  unit: EventsPerSecond,
  softMax: 1,
  queries: [
    {
      promql: perSecond('frontend_intake_rejected_total', 'endpoint, reason'),
      legend: '{{endpoint}} {{reason}}',
    },
  ],
});

export const webRequests = timeSeries('Requests to web', {
  shows: 'What web answers a second: pages, assets, passed-on API calls, browser telemetry.',
  normal: 'API calls lead.',
  act: 'pages without API calls: the app does not start in browsers.',
  unit: RequestsPerSecond,
  stacked: true,
  links: [traces('Traces of web', 'taskmanager-web')],
  queries: [
    { promql: perSecond('http_requests_total{job="taskmanager-frontend"}', 'route'), legend: '{{route}}' },
  ],
});

export const webDurations = timeSeries('Duration of web, p90', {
  shows: 'Nine of ten requests of each kind were answered faster than its line. Dots lead to traces.',
  normal: 'assets in a few milliseconds; API calls as long as the API takes.',
  act: 'assets slow: web itself is busy. Only API calls: look at the API.',
  unit: Seconds,
  queries: [
    {
      promql: quantile(0.9, 'http_request_duration_seconds_bucket{job="taskmanager-frontend"}', 'route'),
      legend: '{{route}}',
      exemplars: true,
    },
  ],
});

export const webErrors = timeSeries('Failed requests to web', {
  shows: 'Share of web’s answers that were a 5xx: 502 and 504 are made by web when the API does not answer.',
  normal: 'zero.',
  act: `HighUpstreamErrorRate fires above the line after ${patience('HighUpstreamErrorRate')}.`,
  unit: PercentUnit,
  softMax: alertThreshold('HighUpstreamErrorRate'),
  limits: worseAbove({ bad: alertThreshold('HighUpstreamErrorRate') }),
  links: [runbook('HighUpstreamErrorRate')],
  queries: [
    {
      promql: share(
        perSecond('http_requests_total{job="taskmanager-frontend",status_code=~"5.."}', 'route'),
        perSecond('http_requests_total{job="taskmanager-frontend"}', 'route'),
      ),
      legend: '{{route}}',
    },
  ],
});
