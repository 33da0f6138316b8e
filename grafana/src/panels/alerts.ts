/** What fires, and the state of the parts: the first screen of whoever is called. */
import { PercentUnit, RequestsPerSecond, Seconds, Short } from '@grafana/grafana-foundation-sdk/units';
import { COLOR } from '../build/colors.ts';
import { CELL, consolePage, logs, runbook } from '../build/links.ts';
import { OVERSPENT } from '../build/overspent.ts';
import { perSecond, quantile, share } from '../build/promql.ts';
import { stat } from '../build/stat.ts';
import { states, stateTimeline, UP_OR_DOWN } from '../build/state-timeline.ts';
import { table } from '../build/table.ts';
import {
  alertThreshold,
  always,
  burnRate,
  objective,
  objectiveSeconds,
  worseAbove,
  worseBelow,
} from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';
import { experiment } from '../build/until.ts';

const FIRING = 'ALERTS{alertstate="firing",alertname!="Watchdog"}';
const EDGE = 'http_requests_total{job="taskmanager-frontend",route="/api/*"}';
const EDGE_FAILED = 'http_requests_total{job="taskmanager-frontend",route="/api/*",status_code=~"5.."}';
const EDGE_BUCKETS = 'http_request_duration_seconds_bucket{job="taskmanager-frontend",route="/api/*"}';
const API = 'http_requests_total{job="taskmanager-backend"}';

const upstream = alertThreshold('HighUpstreamErrorRate');
const promised = 1 - objective('api-availability').objective;
const edgeSteps = worseAbove({ warn: promised, bad: upstream });
const seconds = objectiveSeconds('api-latency-300ms');
const slow = objectiveSeconds('api-latency-1s');

const count = (severity: string) => `count(${FIRING.replace('}', `,severity="${severity}"}`)}) or vector(0)`;

export const critical = stat('Critical', {
  about: {
    shows: 'Critical alerts that fire now: users are hurt.',
    normal: 'zero.',
    act: 'take the topmost in the list below and follow its runbook.',
  },
  steps: worseAbove({ bad: 1 }),
  decimals: 0,
  plain: true,
  links: [consolePage('Alerts', '/alerts')],
  queries: [{ promql: count('critical'), legend: 'critical' }],
});

export const warning = stat('Warnings', {
  about: {
    shows: 'Warnings that fire now: look today.',
    normal: 'zero.',
    act: 'often the cause behind a critical one: read them together.',
  },
  steps: worseAbove({ warn: 1 }),
  decimals: 0,
  plain: true,
  queries: [{ promql: count('warning'), legend: 'warnings' }],
});

export const edgeErrors = stat('Failing for users', {
  about: {
    shows: 'Share of API requests that left web as a 5xx: an API that is gone counts, too.',
    normal: 'zero.',
    act: 'red while the API’s own errors are zero: web does not reach it.',
  },
  unit: PercentUnit,
  decimals: 2,
  steps: edgeSteps,
  queries: [{ promql: share(perSecond(EDGE_FAILED), perSecond(EDGE)), legend: '5xx' }],
});

export const edgeLatency = stat('Slowest twentieth', {
  about: {
    shows: 'p95 of API requests as users of web see them.',
    normal: `below ${seconds * 1000} ms, which is promised for 95 %.`,
    act: 'compare with p90 of the API and of the database: the first that is up holds the cause.',
  },
  unit: Seconds,
  steps: worseAbove({ warn: seconds, bad: slow }),
  queries: [{ promql: quantile(0.95, EDGE_BUCKETS), legend: 'p95' }],
});

export const traffic = stat('Traffic', {
  about: {
    shows: 'API requests a second that enter through web.',
    normal: 'what it was a moment ago.',
    act: 'a fall to zero: nobody can reach web, or a load test ended (marked in the graphs).',
  },
  unit: RequestsPerSecond,
  decimals: 1,
  steps: always(COLOR.traffic),
  queries: [{ promql: perSecond(EDGE), legend: 'requests' }],
});

export const partsDown = stat('Parts down', {
  about: {
    shows: 'Parts that do not answer: scrapes that fail, and probes from outside that fail.',
    normal: 'zero.',
    act: 'the two bands below name them.',
  },
  decimals: 0,
  plain: true,
  steps: worseAbove({ bad: 1 }),
  queries: [
    {
      promql: 'sum(1 - up) + (sum(1 - probe_success{job="blackbox"}) or vector(0))',
      legend: 'down',
    },
  ],
});

export const firing = table('Firing now', {
  calm: 'No alert fires',
  about: {
    shows: 'Every alert that fires, with how long. Click its name for the runbook.',
    normal: 'empty.',
    act: 'critical first. Alerts of one cause come together: the database down also makes the API slow.',
  },
  columns: [
    { title: 'Alert', from: { label: 'alertname' }, link: consolePage('Runbook', `/runbooks/${CELL}`) },
    { title: 'Severity', from: { label: 'severity' }, pixels: 90 },
    { title: 'Service', from: { label: 'service' } },
    { title: 'For', from: { value: 0 }, unit: Seconds, decimals: 0, pixels: 110 },
  ],
  sortBy: 'For',
  queries: [
    {
      promql:
        'max by (alertname, severity, service) (time() - (ALERTS_FOR_STATE{alertname!="Watchdog"} and ignoring (alertstate) ALERTS{alertstate="firing"}))',
      legend: '',
      until: experiment('api-errors'),
    },
  ],
});

export const alertHistory = stateTimeline('Alerts over time', {
  calm: 'No alert has been pending or fired',
  about: {
    shows: 'When which alert was pending and when it fired.',
    normal: 'nothing.',
    act: 'the first to begin is closest to the cause.',
  },
  states: states(
    { value: 1, text: 'pending', color: COLOR.saturation },
    { value: 2, text: 'firing', color: COLOR.errors },
  ),
  queries: [
    {
      promql:
        'max by (alertname) (ALERTS{alertstate="firing",alertname!="Watchdog"} * 2 or ALERTS{alertstate="pending"})',
      legend: '{{alertname}}',
      until: experiment('api-errors'),
    },
  ],
});

export const edgeTraffic = timeSeries('What web sends and the API receives', {
  about: {
    shows: 'API requests a second as web passed them on, as the API counted them, and those that failed.',
    normal: 'both lines on top of each other; red at zero.',
    act: 'web above the API: requests are lost between (TrafficGone). Red with both: the API fails.',
  },
  unit: RequestsPerSecond,
  min: 0,
  links: [runbook('TrafficGone')],
  queries: [
    { promql: perSecond(EDGE), legend: 'web sends', color: COLOR.traffic },
    { promql: perSecond(API), legend: 'API receives', color: COLOR.reference, dashed: true },
    { promql: `${perSecond(EDGE_FAILED)} or 0 * ${perSecond(EDGE)}`, legend: 'failed', color: COLOR.errors },
  ],
});

export const edgeDurations = timeSeries('Duration, as users see it', {
  about: {
    shows: 'API requests through web: p50, p95, p99. The lines are the two promises.',
    normal: `p95 below ${seconds * 1000} ms, p99 below ${slow} s.`,
    act: 'look right: the cause that moves at the same moment.',
  },
  unit: Seconds,
  min: 0,
  limits: [
    { from: Number.NEGATIVE_INFINITY, color: COLOR.good },
    { from: seconds, color: COLOR.saturation },
    { from: slow, color: COLOR.errors },
  ],
  queries: [
    { promql: quantile(0.99, EDGE_BUCKETS), legend: 'p99', color: COLOR.p99 },
    { promql: quantile(0.95, EDGE_BUCKETS), legend: 'p95', color: COLOR.p90 },
    { promql: quantile(0.5, EDGE_BUCKETS), legend: 'p50', color: COLOR.p50 },
  ],
});

export const partsUp = stateTimeline('Parts', {
  about: {
    shows: 'Whether Prometheus can read each part.',
    normal: 'green throughout.',
    act: 'red: the part is gone, hung or cut off; its runbook is <Part>Down.',
  },
  states: UP_OR_DOWN,
  queries: [{ promql: 'min by (job) (up)', legend: '{{job}}' }],
});

export const probes = stateTimeline('Seen from outside', {
  about: {
    shows:
      'Whether pages load, ports open and services call themselves ready, as the blackbox exporter tries it.',
    normal: 'green throughout.',
    act: 'ready red and part up: it waits for something, mostly the database. ProbeFailing has the details.',
  },
  states: UP_OR_DOWN,
  links: [runbook('ProbeFailing')],
  queries: [{ promql: 'min by (target_name) (probe_success{job="blackbox"})', legend: '{{target_name}}' }],
});

export const saturation = timeSeries('What fills up', {
  about: {
    shows: 'How full each resource is, as a share of its limit or of what its alert allows.',
    normal: 'everything below half.',
    act: 'whatever comes near 100 % first is the bottleneck.',
  },
  unit: PercentUnit,
  min: 0,
  softMax: 1,
  limits: worseAbove({ bad: 1 }),
  queries: [
    {
      promql: 'max(rate(process_cpu_seconds_total{job=~"taskmanager-.+"}[$__rate_interval]))',
      legend: 'busiest processor core',
    },
    {
      promql: `max(nodejs_eventloop_lag_p99_seconds{job=~"taskmanager-.+"}) / ${alertThreshold('EventLoopLag')}`,
      legend: 'event loop delay, of its alert',
    },
    {
      promql:
        'max(db_pool_connections{state="active"} / ignoring (state) (db_pool_connections{state="max"} > 0))',
      legend: 'fullest pool',
    },
    {
      promql:
        'max(process_resident_memory_bytes{job=~"taskmanager-.+"} / on (job) group_left () lab:memory_limit:bytes)',
      legend: 'memory, of its limit',
    },
    {
      promql: 'sum(pg_stat_activity_count) / max(pg_settings_max_connections)',
      legend: 'database connections',
    },
    {
      promql: `max(worker_queue_oldest_seconds{queue!="dead-letter"}) / ${alertThreshold('WorkerBacklog')}`,
      legend: 'oldest job, of its alert',
    },
  ],
});

export const causes = timeSeries('What fails inside', {
  about: {
    shows: 'Failures a second by place: log lines of level error, statements, jobs, scripts in browsers.',
    normal: 'zero throughout.',
    act: 'the one that began first is the cause; the others follow it.',
  },
  unit: Short,
  min: 0,
  softMax: 1,
  links: [logs('Errors', 'log.level:error')],
  queries: [
    { promql: perSecond('log_records_total{level="error"}', 'job'), legend: '{{job}}: error lines' },
    {
      promql: `${perSecond('database_operation_duration_seconds_count{success="false"}')} or vector(0)`,
      legend: 'statements',
    },
    { promql: perSecond('worker_jobs_total{outcome="failed"}'), legend: 'jobs' },
    { promql: perSecond('frontend_errors_total'), legend: 'scripts in browsers' },
  ],
});

export const onPurpose = stateTimeline('On purpose', {
  about: {
    shows: 'Faults that are switched on in services, so that nobody hunts what was ordered.',
    normal: 'off throughout, except while an experiment runs.',
    act: 'on without an experiment: somebody forgot one. Ending the service ends it; no fault survives a restart.',
  },
  states: states(
    { value: 0, text: 'off', color: 'super-light-green' },
    { value: 1, text: 'on', color: COLOR.refused },
  ),
  width: 12,
  queries: [{ promql: 'max by (fault) (faults_active)', legend: '{{fault}}' }],
});

const page = burnRate('ErrorBudgetBurn1h');

/** The pace of the fastest burn-rate alert, for the first screen. */
export const pace = stat('Budget pace, 1 hour', {
  about: {
    shows: 'How many times faster than it lasts the availability budget goes, over an hour.',
    normal: 'below 1.',
    act: `above ${page.factor} over both of its windows pages; see the SLO dashboard.`,
  },
  unit: Short,
  decimals: 1,
  steps: worseAbove({ warn: 1, bad: page.factor }),
  queries: [{ promql: 'slo:burn_rate:rate1h{slo="api-availability"}', legend: 'pace' }],
});

export const budgetLeft = stat('Budget left', {
  about: {
    shows: 'What is left of the availability budget of the month.',
    normal: 'green.',
    act: 'little left and a risky change planned: not today.',
  },
  unit: PercentUnit,
  decimals: 0,
  steps: worseBelow({ warn: 0.25, bad: 0 }),
  mappings: OVERSPENT,
  queries: [{ promql: 'slo:error_budget_remaining:ratio{slo="api-availability"}', legend: 'left' }],
});
