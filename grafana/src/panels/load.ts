/** A load test as the generator saw it (k6's own metrics, by remote write), beside what the lab made of it. */
import {
  BytesPerSecondIEC,
  LocaleFormat,
  PercentUnit,
  RequestsPerSecond,
  Seconds,
} from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { perSecond, quantile, total } from '../build/promql.ts';
import { stat } from '../build/stat.ts';
import { table } from '../build/table.ts';
import { alertThreshold, always, objective, objectiveSeconds, worseAbove } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';
import { load } from '../build/until.ts';
import { EDGE_BUCKETS } from './edge.ts';

const availability = objective('api-availability').objective;
const promised = 1 - availability;
const seconds = objectiveSeconds('api-latency-300ms');
const slow = objectiveSeconds('api-latency-1s');
const latencySteps = worseAbove({ warn: seconds, bad: slow });
/** Whatever enters, pages and browser telemetry too. */
const WEB = 'http_requests_total{job="taskmanager-frontend"}';

export const sent = stat('Sent', {
  calc: 'mean',
  shows: 'Requests a second that the load generator sent, on average over its tests in the time shown.',
  normal: 'what the profile asks for.',
  act: 'less than asked: the generator, or this machine, is at its end. See the arrivals that were dropped.',
  unit: RequestsPerSecond,
  decimals: 1,
  steps: always(COLOR.traffic),
  queries: [{ promql: perSecond('k6_http_reqs_total'), legend: 'requests', until: load }],
});

export const failed = stat('Unexpected answers', {
  calc: 'mean',
  shows:
    'Share of answers that the journey did not expect. A wrong password is meant to be refused and does not count.',
  normal: 'zero.',
  act: 'which route and status: the table below.',
  unit: PercentUnit,
  decimals: 2,
  steps: worseAbove({ warn: promised, bad: alertThreshold('HighErrorRate') }),
  queries: [
    {
      promql: `(${perSecond('k6_http_reqs_total{expected_response="false"}')} or 0 * ${perSecond('k6_http_reqs_total')}) / (${perSecond('k6_http_reqs_total')} > 0)`,
      legend: 'unexpected',
      until: load,
    },
  ],
});

export const p95 = stat('p95, generator', {
  calc: 'max',
  shows:
    '95 of 100 requests of the slowest route were answered faster, measured where they were sent; the worst moment.',
  normal: `below ${seconds * 1000} ms.`,
  act: 'compare with web’s own: a difference is the network, or a generator short of processor.',
  unit: Seconds,
  steps: latencySteps,
  queries: [{ promql: 'max(k6_http_req_duration_p95)', legend: 'p95', until: load }],
});

/** One journey that could not begin is one too many; what is less a second than the tile's decimal shows, it rounds to none. */
const NOT_NONE = 0.1;

export const dropped = stat('Dropped arrivals', {
  calc: 'max',
  shows:
    'Journeys that should have begun and did not, because too many were still under way, a second at worst.',
  normal: 'zero.',
  act: 'answers are too slow for this rate: beyond here the system does not keep up.',
  decimals: 1,
  steps: worseAbove({ bad: NOT_NONE }),
  queries: [
    {
      promql: `${perSecond('k6_dropped_iterations_total')} or 0 * ${perSecond('k6_iterations_total')}`,
      legend: 'dropped',
      until: load,
    },
  ],
});

export const people = stat('People', {
  calc: 'max',
  shows: 'Journeys under way at once, at most.',
  normal: 'arrival rate times the length of a journey.',
  act: 'climbing at a steady rate: answers get slower.',
  decimals: 0,
  steps: always(COLOR.traffic),
  queries: [{ promql: 'sum(k6_vus)', legend: 'people', until: load }],
});

export const journeys = stat('Journeys', {
  calc: 'mean',
  shows: 'Journeys finished a second, on average.',
  normal: 'the arrival rate.',
  act: 'below it for long: they pile up.',
  decimals: 1,
  steps: always(COLOR.traffic),
  queries: [{ promql: perSecond('k6_iterations_total'), legend: 'journeys', until: load }],
});

export const requests = timeSeries('Sent and received', {
  shows: 'Requests a second as the generator sent them and as web counted them.',
  normal: 'both lines together; web also counts probes and telemetry.',
  act: 'sent above received: connections are refused before web sees them.',
  unit: RequestsPerSecond,
  queries: [
    { promql: perSecond('k6_http_reqs_total'), legend: 'sent', color: COLOR.traffic, until: load },
    { promql: perSecond(WEB), legend: 'received by web', color: COLOR.reference, dashed: true },
  ],
});

export const latency = timeSeries('Duration, both ends', {
  shows: 'p95 of the slowest route where requests are sent, and p95 of all as web and the API measure them.',
  normal: 'the generator a little above web, web a little above the API.',
  act: 'where the distance is, the time is spent.',
  unit: Seconds,
  limits: latencySteps,
  queries: [
    { promql: 'max(k6_http_req_duration_p99)', legend: 'slowest route p99', color: COLOR.p99, until: load },
    { promql: 'max(k6_http_req_duration_p95)', legend: 'slowest route p95', color: COLOR.p90, until: load },
    {
      promql: quantile(0.95, EDGE_BUCKETS),
      legend: 'web p95',
      color: COLOR.traffic,
    },
    {
      promql: quantile(0.95, 'http_request_duration_seconds_bucket{job="taskmanager-backend"}'),
      legend: 'API p95',
      color: COLOR.good,
    },
  ],
});

export const answers = timeSeries('Answers by status', {
  shows: 'Answers a second by status, as the generator got them; 0 is no answer at all.',
  normal: 'nearly all 200 and 201; the journeys also provoke 401, 404 and 412.',
  act: '5xx or 0: see On call for the cause.',
  unit: RequestsPerSecond,
  stacked: true,
  queries: [{ promql: perSecond('k6_http_reqs_total', 'status'), legend: '{{status}}', until: load }],
});

export const journeysAndDropped = timeSeries('Journeys under way and done', {
  shows: 'Journeys under way, finished, and dropped.',
  normal: 'under way level at a level rate, nothing dropped.',
  act: 'under way climbing, then dropped: the rate is beyond what the system carries.',
  queries: [
    { promql: 'sum(k6_vus)', legend: 'under way', color: COLOR.traffic, until: load },
    { promql: perSecond('k6_iterations_total'), legend: 'finished a second', color: COLOR.good, until: load },
    {
      promql: `${perSecond('k6_dropped_iterations_total')} or 0 * ${perSecond('k6_iterations_total')}`,
      legend: 'dropped a second',
      color: COLOR.errors,
      until: load,
    },
  ],
});

export const transfer = timeSeries('Data', {
  shows: 'Bytes a second that the generator received.',
  normal: 'in step with requests.',
  act: 'more bytes for the same requests: answers grew; look at page sizes and limits of lists.',
  unit: BytesPerSecondIEC,
  openBelow: true,
  queries: [
    { promql: perSecond('k6_data_received_total'), legend: 'received', color: COLOR.traffic, until: load },
  ],
});

export const cost = timeSeries('What it costs the lab', {
  shows: 'Processor of each service while it is under load; 100 % is one core.',
  normal: 'API first, then web.',
  act: 'the first at 100 % is the bottleneck of this machine.',
  unit: PercentUnit,
  queries: [
    {
      promql:
        'sum by (job) (rate(process_cpu_seconds_total{job=~"taskmanager-.+|lab-console|prometheus"}[$__rate_interval]))',
      legend: '{{job}}',
    },
  ],
});

export const objectives = timeSeries('Promises broken during the test', {
  shows:
    'Share of requests that broke each promise, over a minute, while the generator sends. The lines are what two of them allow: no 5xx, and 300 ms.',
  normal: 'below their lines.',
  act: 'the first that crosses its line sets the limit; make load PROFILE=breakpoint looks for it.',
  unit: PercentUnit,
  limits: worseAbove({ warn: promised, bad: 1 - objective('api-latency-300ms').objective }),
  // A minute: over five, what broke before the test would be counted in it.
  queries: [
    {
      promql:
        '(slo:errors:rate1m / (slo:requests:rate1m > 0)) and on () (sum(rate(k6_http_reqs_total[20s])) > 0)',
      legend: '{{slo}}',
      until: load,
    },
  ],
});

export const routes = table('Requests by route', {
  shows:
    'Each route of the journeys: requests in the time shown, how many were not answered as expected, its worst p95.',
  normal: 'no unexpected answer.',
  act: 'go to the Application dashboard and choose that endpoint.',
  columns: [
    { title: 'Method', from: { label: 'method' }, pixels: 80 },
    { title: 'Route', from: { label: 'name' } },
    { title: 'Requests', from: { value: 0 }, unit: LocaleFormat, decimals: 0, pixels: 100 },
    {
      title: 'Unexpected',
      from: { value: 1 },
      unit: LocaleFormat,
      decimals: 0,
      steps: worseAbove({ bad: 1 }),
      pixels: 110,
    },
    { title: 'p95', from: { value: 2 }, unit: Seconds, steps: latencySteps, pixels: 90 },
  ],
  sortBy: 'Requests',
  queries: [
    { promql: total('k6_http_reqs_total', 'method, name'), until: load },
    {
      promql: `${total('k6_http_reqs_total{expected_response="false"}', 'method, name')} or 0 * ${total('k6_http_reqs_total', 'method, name')}`,
      until: load,
    },
    {
      promql: 'max by (method, name) (max_over_time(k6_http_req_duration_p95[$__range]))',
      until: load,
    },
  ],
});
