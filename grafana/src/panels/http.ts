/** Requests: how many, how many fail, how long they take. The API as it counts itself. */
import { PercentUnit, RequestsPerSecond, Seconds } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { heatmap } from '../build/heatmap.ts';
import { CELL, logs, runbook, traces } from '../build/links.ts';
import { buckets, perSecond, quantile, share } from '../build/promql.ts';
import { stat } from '../build/stat.ts';
import { table } from '../build/table.ts';
import {
  alertThreshold,
  always,
  objective,
  objectiveSeconds,
  patience,
  worseAbove,
} from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';
import { minutesOld } from '../build/until.ts';

const REQUESTS = 'http_requests_total{job="taskmanager-backend",route=~"$route"}';
const FAILED = 'http_requests_total{job="taskmanager-backend",route=~"$route",status_code=~"5.."}';
const REFUSED =
  'http_requests_total{job="taskmanager-backend",route=~"$route",status_code=~"4..",status_code!="499"}';
const LEFT = 'http_requests_total{job="taskmanager-backend",route=~"$route",status_code="499"}';
const BUCKETS = 'http_request_duration_seconds_bucket{job="taskmanager-backend",route=~"$route"}';
const promised = 1 - objective('api-availability').objective;
const errorSteps = worseAbove({ warn: promised, bad: alertThreshold('HighErrorRate') });
const slow = alertThreshold('SlowAPIResponse');
const promisedSeconds = objectiveSeconds('api-latency-300ms');
const durationSteps = worseAbove({ warn: promisedSeconds, bad: slow });
/** Five for each connection of the API's pool (DATABASE_POOL_SIZE, 10 by default): so many wait for one another. */
const MANY_IN_FLIGHT = 50;
const SLOW_REQUESTS = traces('Traces of the API', 'taskmanager-api');

export const requestRate = stat('Request rate', {
  shows: 'Requests that the API answered, a second.',
  normal: 'follows the time of day; make load sends what it is told to.',
  act: 'compare with web on the On call dashboard: what web sends and the API does not receive is lost between them.',
  unit: RequestsPerSecond,
  decimals: 1,
  steps: always(COLOR.traffic),
  queries: [{ promql: perSecond(REQUESTS), legend: 'requests' }],
});

export const errorShare = stat('Errors', {
  shows: 'Share of the API’s answers that were a 5xx.',
  normal: `zero. Yellow spends error budget faster than it lasts; red is where HighErrorRate fires after ${patience('HighErrorRate')}.`,
  act: 'see which endpoint fails below, then read its log lines.',
  unit: PercentUnit,
  decimals: 2,
  steps: errorSteps,
  queries: [{ promql: share(perSecond(FAILED), perSecond(REQUESTS)), legend: '5xx' }],
});

export const durationNow = stat('Duration, p90', {
  shows: 'Nine of ten requests were answered faster than this.',
  normal: `tens of milliseconds. Yellow: slower than the 95 % objective allows; red: SlowAPIResponse fires after ${patience('SlowAPIResponse')}.`,
  act: 'look for the slow endpoint below and open one of its traces.',
  unit: Seconds,
  steps: durationSteps,
  queries: [{ promql: quantile(0.9, BUCKETS), legend: 'p90' }],
});

export const inFlight = stat('In flight', {
  shows: 'Requests that the API is working on at this moment.',
  normal: 'a handful.',
  act: 'when it climbs while the rate does not, something that requests wait for is slow: database, pool, event loop.',
  decimals: 0,
  steps: worseAbove({ warn: MANY_IN_FLIGHT }),
  queries: [{ promql: 'sum(http_requests_in_flight{job="taskmanager-backend"})', legend: 'in flight' }],
});

export const rateByEndpoint = timeSeries('Request rate by endpoint', {
  shows: 'Requests a second by method and route template; paths that no route takes count as "unmatched".',
  normal: 'reading outweighs writing; "unmatched" is next to nothing.',
  act: 'a surge of one endpoint is one client or one page; "unmatched" is a scanner or a broken link: read the log lines.',
  unit: RequestsPerSecond,
  stacked: true,
  links: [logs('Log lines', 'service.name:taskmanager-api')],
  queries: [{ promql: perSecond(REQUESTS, 'method, route'), legend: '{{method}} {{route}}' }],
});

export const errorRate = timeSeries('Error rate', {
  shows: 'Share of answers by kind: 5xx (ours), 4xx (the caller’s), 499 (the client went away first).',
  normal:
    '5xx at zero: the limit is theirs alone. Some 4xx are part of life: expired sessions, lost races, wrong passwords.',
  act: '5xx: follow the runbook. 4xx: look which endpoint and which caller. 499: users stopped waiting, so look at durations.',
  unit: PercentUnit,
  softMax: alertThreshold('HighErrorRate'),
  limits: worseAbove({ bad: alertThreshold('HighErrorRate') }),
  links: [runbook('HighErrorRate'), logs('Errors', 'service.name:taskmanager-api AND log.level:error')],
  queries: [
    { promql: share(perSecond(FAILED), perSecond(REQUESTS)), legend: '5xx', color: COLOR.errors },
    { promql: share(perSecond(REFUSED), perSecond(REQUESTS)), legend: '4xx', color: COLOR.refused },
    { promql: share(perSecond(LEFT), perSecond(REQUESTS)), legend: '499', color: COLOR.reference },
  ],
});

export const durations = timeSeries('Duration: p50, p90, p99', {
  shows: 'Half, nine of ten, and 99 of 100 requests were answered faster than the lines.',
  normal: 'p99 below the dashed line, where SlowAPIResponse begins for p90.',
  act: 'all three up: the API or its database is slow. Only p99 up: a few requests are, so click a dot, which is one of them.',
  unit: Seconds,
  limits: worseAbove({ bad: slow }),
  softMax: promisedSeconds,
  links: [runbook('SlowAPIResponse'), SLOW_REQUESTS],
  queries: [
    { promql: quantile(0.99, BUCKETS), legend: 'p99', color: COLOR.p99, exemplars: true },
    { promql: quantile(0.9, BUCKETS), legend: 'p90', color: COLOR.p90 },
    { promql: quantile(0.5, BUCKETS), legend: 'p50', color: COLOR.p50 },
  ],
});

export const distribution = heatmap('Distribution of durations', {
  shows: 'How many requests took how long. Dots are single requests: click one to open its trace.',
  normal: 'one dark band at the bottom.',
  act: 'a second band higher up is a group of slow requests (one endpoint, a cold cache, retries): open a dot in it.',
  unit: Seconds,
  links: [SLOW_REQUESTS],
  queries: [{ promql: buckets(BUCKETS), legend: '{{le}}', exemplars: true }],
});

export const durationByEndpoint = timeSeries('p90 by endpoint', {
  shows:
    'Nine of ten requests of each endpoint were faster than its line. Dots are single requests with a trace.',
  normal: 'log-in is the slowest by far: hashing a password takes its time on purpose.',
  act: 'one endpoint up: read its traces. All up: look at database, pool and event loop below.',
  unit: Seconds,
  queries: [
    { promql: quantile(0.9, BUCKETS, 'method, route'), legend: '{{method}} {{route}}', exemplars: true },
  ],
});

export const endpoints = table('Endpoints', {
  shows: 'Each endpoint with its rate, its share of errors and its p90, now.',
  normal: 'no colour but green.',
  act: 'click an endpoint to read its log lines.',
  columns: [
    { title: 'Method', from: { label: 'method' }, pixels: 80 },
    {
      title: 'Endpoint',
      from: { label: 'route' },
      link: logs('Log lines', `service.name:taskmanager-api AND http.route:"${CELL}"`),
    },
    { title: 'Rate', from: { value: 0 }, unit: RequestsPerSecond, decimals: 2, pixels: 110 },
    { title: 'Errors', from: { value: 1 }, unit: PercentUnit, decimals: 1, steps: errorSteps, pixels: 90 },
    { title: 'p90', from: { value: 2 }, unit: Seconds, steps: durationSteps, pixels: 90 },
  ],
  sortBy: 'Rate',
  queries: [
    `${perSecond(REQUESTS, 'method, route')} > 0`,
    share(perSecond(FAILED, 'method, route'), perSecond(REQUESTS, 'method, route')),
    `${quantile(0.9, BUCKETS, 'method, route')} >= 0`,
  ],
});

export const rateBand = timeSeries('Traffic and what was learned', {
  shows: 'API requests a second, over two minutes, in the band learned from their own last hour.',
  normal: 'inside the band. It needs some minutes to be there at all.',
  act: `outside for ${patience('RequestRateAnomaly')} fires RequestRateAnomaly: a campaign, a broken client, or users who cannot get in.`,
  unit: RequestsPerSecond,
  links: [runbook('RequestRateAnomaly')],
  queries: [
    { promql: 'lab:request_rate:rate2m', legend: 'requests', color: COLOR.traffic },
    {
      promql: 'lab:request_rate:upper1h',
      legend: 'upper',
      color: COLOR.reference,
      fillDownTo: 'lower',
      until: minutesOld(8),
    },
    {
      promql: 'lab:request_rate:lower1h',
      legend: 'lower',
      color: COLOR.reference,
      dashed: true,
      until: minutesOld(8),
    },
  ],
});

export const latencyBand = timeSeries('p90 and what was learned', {
  shows: 'p90 of the API, over two minutes, and the most that its own last hour lets one expect.',
  normal: 'below the dashed line.',
  act: `above for ${patience('LatencyAnomaly')} fires LatencyAnomaly: slower than usual, though maybe not yet slow. Look at what changed.`,
  unit: Seconds,
  links: [runbook('LatencyAnomaly')],
  queries: [
    { promql: 'lab:latency_p90:rate2m', legend: 'p90', color: COLOR.p90 },
    {
      promql: 'lab:latency_p90:upper1h',
      legend: 'most to expect',
      color: COLOR.reference,
      dashed: true,
      until: minutesOld(8),
    },
  ],
});
