/** Where trouble comes from: parts that are gone, resources that fill up, failures inside, faults on purpose. */
import { PercentUnit } from '@grafana/grafana-foundation-sdk/units';
import { logs, runbook } from '../build/links.ts';
import { perSecond, seenByOne } from '../build/promql.ts';
import { stat } from '../build/stat.ts';
import { ON_OR_OFF, stateTimeline, UP_OR_DOWN } from '../build/state-timeline.ts';
import { alertThreshold, worseAbove } from '../build/thresholds.ts';
import { timeSeries } from '../build/time-series.ts';

export const partsDown = stat('Parts down', {
  shows: 'Parts that do not answer: scrapes that fail, and probes from outside that fail.',
  normal: 'zero.',
  act: 'the two bands below name them.',
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

export const partsUp = stateTimeline('Parts', {
  shows: 'Whether Prometheus can read each part.',
  normal: 'green throughout.',
  act: 'red: the part is gone, hung or cut off; its runbook is <Part>Down.',
  states: UP_OR_DOWN,
  queries: [{ promql: 'min by (job) (up)', legend: '{{job}}' }],
});

export const probes = stateTimeline('Seen from outside', {
  shows:
    'Whether pages load, ports open and services call themselves ready, as the blackbox exporter tries it.',
  normal: 'green throughout.',
  act: 'ready red and part up: it waits for something, mostly the database. ProbeFailing has the details.',
  states: UP_OR_DOWN,
  links: [runbook('ProbeFailing')],
  queries: [{ promql: 'min by (target_name) (probe_success{job="blackbox"})', legend: '{{target_name}}' }],
});

export const saturation = timeSeries('What fills up', {
  shows: 'How full each resource is, as a share of its limit or of what its alert allows.',
  normal: 'everything below half.',
  act: 'whatever comes near 100 % first is the bottleneck.',
  unit: PercentUnit,
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
      promql: `${seenByOne('pg_stat_activity_count')} / max(pg_settings_max_connections)`,
      legend: 'database connections',
    },
    {
      promql: `max(worker_queue_oldest_seconds{queue!="dead-letter"}) / ${alertThreshold('WorkerBacklog')}`,
      legend: 'oldest job, of its alert',
    },
  ],
});

export const causes = timeSeries('What fails inside', {
  shows: 'Failures a second by place: log lines of level error, statements, jobs, scripts in browsers.',
  normal: 'zero throughout.',
  act: 'the one that began first is the cause; the others follow it.',
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
  shows: 'Faults that are switched on in services, so that nobody hunts what was ordered.',
  normal: 'off throughout, except while an experiment runs.',
  act: 'on without an experiment: somebody forgot one. Ending the service ends it; no fault survives a restart.',
  states: ON_OR_OFF,
  queries: [{ promql: 'max by (fault) (faults_active)', legend: '{{fault}}' }],
});
