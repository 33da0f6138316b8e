/**
 * Every metric of the lab: name, help, type, labels, buckets. Services create their metrics from here
 * (`telemetry.counter(METRICS.http_requests_total)`), dashboards, rules and docs are checked against it.
 * Units: seconds and bytes, always in the name. Labels come from fixed sets, so the number of series is bounded.
 */

/** What one metric is. `labels` are the names, in the order in which they are shown. */
export interface MetricDefinition<L extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly L[];
  /** Upper bounds of a histogram, in the metric's unit. */
  readonly buckets?: readonly number[];
}

export interface CounterDefinition<L extends string = string> extends MetricDefinition<L> {
  readonly type: 'counter';
}
export interface GaugeDefinition<L extends string = string> extends MetricDefinition<L> {
  readonly type: 'gauge';
}
export interface HistogramDefinition<L extends string = string> extends MetricDefinition<L> {
  readonly type: 'histogram';
  readonly buckets: readonly number[];
}

/** Seconds, 5 ms to 10 s, with an edge exactly on each latency objective and alert threshold: 0.3, 0.5 and 1. */
export const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10] as const;
/** Seconds, 1 ms up: a healthy query takes about a millisecond. */
export const DATABASE_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;
/** Seconds. */
export const JOB_BUCKETS = [0.01, 0.05, 0.1, 0.3, 0.5, 1, 2.5, 5, 10, 30, 60] as const;

const counter = <const L extends string>(name: string, labels: readonly L[], help: string) =>
  ({ type: 'counter', name, labels, help }) satisfies CounterDefinition<L>;
const gauge = <const L extends string>(name: string, labels: readonly L[], help: string) =>
  ({ type: 'gauge', name, labels, help }) satisfies GaugeDefinition<L>;
const histogram = <const L extends string>(
  name: string,
  labels: readonly L[],
  buckets: readonly number[],
  help: string,
) => ({ type: 'histogram', name, labels, buckets, help }) satisfies HistogramDefinition<L>;

const http = {
  http_request_duration_seconds: histogram(
    'http_request_duration_seconds',
    ['method', 'route', 'status_code'],
    LATENCY_BUCKETS,
    'Time from the arrival of a request to its last byte, or to the client going away (status 499).',
  ),
  http_requests_total: counter(
    'http_requests_total',
    ['method', 'route', 'status_code'],
    'Requests answered; 499 where the client went away before the answer was complete.',
  ),
  http_requests_in_flight: gauge('http_requests_in_flight', [], 'Requests being handled now.'),
};

const database = {
  database_operation_duration_seconds: histogram(
    'database_operation_duration_seconds',
    ['operation', 'success'],
    DATABASE_BUCKETS,
    'Time of a statement from being handed to a connection to its result; connect: waiting for a connection.',
  ),
  db_pool_connections: gauge(
    'db_pool_connections',
    ['state'],
    'Connections of the pool by state; waiting: callers without one; max: the limit.',
  ),
  active_sessions: gauge('active_sessions', [], 'Sessions in the database that have not expired.'),
};

const jobs = {
  worker_jobs_total: counter('worker_jobs_total', ['queue', 'outcome'], 'Jobs handled, by outcome.'),
  worker_job_duration_seconds: histogram(
    'worker_job_duration_seconds',
    ['queue'],
    JOB_BUCKETS,
    'Time a job handler took, failures included.',
  ),
  worker_queue_depth: gauge('worker_queue_depth', ['queue'], 'Jobs due now and not yet started.'),
  worker_queue_oldest_seconds: gauge(
    'worker_queue_oldest_seconds',
    ['queue'],
    'Age of the oldest job that is due and not yet started; 0 for an empty queue.',
  ),
};

const VITAL_LABELS = ['route', 'synthetic'] as const;
/** Edges exactly on web-vitals' good and poor thresholds. */
const browser = {
  web_vitals_lcp_seconds: histogram(
    'web_vitals_lcp_seconds',
    VITAL_LABELS,
    [0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3, 4, 6, 10],
    'Largest Contentful Paint as browsers saw it; good up to 2.5, poor above 4.',
  ),
  web_vitals_inp_seconds: histogram(
    'web_vitals_inp_seconds',
    VITAL_LABELS,
    [0.016, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5],
    'Interaction to Next Paint as browsers saw it; good up to 0.2, poor above 0.5.',
  ),
  web_vitals_fcp_seconds: histogram(
    'web_vitals_fcp_seconds',
    VITAL_LABELS,
    [0.1, 0.25, 0.5, 1, 1.8, 2.5, 3, 4, 6, 10],
    'First Contentful Paint as browsers saw it; good up to 1.8, poor above 3.',
  ),
  web_vitals_ttfb_seconds: histogram(
    'web_vitals_ttfb_seconds',
    VITAL_LABELS,
    [0.01, 0.05, 0.1, 0.25, 0.5, 0.8, 1.2, 1.8, 3, 5],
    'Time To First Byte as browsers saw it; good up to 0.8, poor above 1.8.',
  ),
  web_vitals_cls: histogram(
    'web_vitals_cls',
    VITAL_LABELS,
    [0.01, 0.025, 0.05, 0.1, 0.15, 0.25, 0.5, 1],
    'Cumulative Layout Shift as browsers saw it, without unit; good up to 0.1, poor above 0.25.',
  ),
  frontend_errors_total: counter(
    'frontend_errors_total',
    ['kind', 'synthetic'],
    'Script errors that browsers reported.',
  ),
  frontend_intake_rejected_total: counter(
    'frontend_intake_rejected_total',
    ['endpoint', 'reason'],
    'Browser telemetry refused: invalid, too_large or rate_limited.',
  ),
};

const telemetry = {
  log_records_total: counter('log_records_total', ['level'], 'Log records made, by level.'),
  telemetry_log_records_dropped_total: counter(
    'telemetry_log_records_dropped_total',
    ['output'],
    'Log records lost because an output (stdout, file) did not take them in time.',
  ),
  telemetry_spans_dropped_total: counter(
    'telemetry_spans_dropped_total',
    ['reason'],
    'Sampled spans lost: queue_full (made faster than exported) or export_failed (backend down, slow or wrong).',
  ),
  telemetry_errors_total: counter(
    'telemetry_errors_total',
    ['component'],
    'Errors inside the instrumentation, which the application did not notice.',
  ),
  faults_active: gauge('faults_active', ['fault'], 'Faults switched on on purpose: 1 while active.'),
  service_info: gauge(
    'service_info',
    ['service', 'version', 'environment'],
    'Always 1; says which version runs.',
  ),
};

const lab = {
  lab_experiment_active: gauge(
    'lab_experiment_active',
    ['experiment'],
    '1 while a chaos experiment is running.',
  ),
  deadmansswitch_last_seen_timestamp_seconds: gauge(
    'deadmansswitch_last_seen_timestamp_seconds',
    [],
    "When the watchdog alert was last seen, in Unix seconds; the console's start until then.",
  ),
  deadmansswitch_silences_total: counter(
    'deadmansswitch_silences_total',
    [],
    'Times the watchdog alert failed to arrive when it was due.',
  ),
  inbox_messages_total: counter(
    'inbox_messages_total',
    ['channel', 'status'],
    'Messages that arrived in the alert inbox.',
  ),
  console_store_written_total: counter(
    'console_store_written_total',
    ['signal'],
    'Log records and spans written to the embedded store.',
  ),
  console_store_rejected_total: counter(
    'console_store_rejected_total',
    ['signal'],
    'Log records and spans that the embedded store could not take.',
  ),
  console_store_defects_total: counter(
    'console_store_defects_total',
    ['defect'],
    'Log lines that were kept with a mark because they are not whole records: cut, torn, not JSON, without a time.',
  ),
  console_store_evicted_total: counter(
    'console_store_evicted_total',
    ['signal'],
    'Log records and spans dropped from the embedded store because of its limits of size and age.',
  ),
  console_store_size_bytes: gauge('console_store_size_bytes', [], 'Size of the embedded store on disk.'),
  console_store_lag_seconds: gauge(
    'console_store_lag_seconds',
    ['signal'],
    'Age of the newest record when it was written to the embedded store.',
  ),
};

/** Every metric of the lab by name, apart from the default Node.js ones (`process_*`, `nodejs_*`). */
export const METRICS = { ...http, ...database, ...jobs, ...browser, ...telemetry, ...lab };

/** Values of the label `operation` of `database_operation_duration_seconds`. */
export const DATABASE_OPERATIONS = [
  'select',
  'insert',
  'update',
  'delete',
  'begin',
  'commit',
  'rollback',
  'connect',
  'other',
] as const;
export type DatabaseOperation = (typeof DATABASE_OPERATIONS)[number];

/** Values of the label `state` of `db_pool_connections`. */
export const POOL_STATES = ['idle', 'active', 'waiting', 'max'] as const;
/** Values of the label `outcome` of `worker_jobs_total`. */
export const JOB_OUTCOMES = ['completed', 'failed', 'dead_lettered', 'duplicate'] as const;
export type JobOutcome = (typeof JOB_OUTCOMES)[number];
/** Values of the label `level` of `log_records_total`. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];
/** Values of the label `fault` of `faults_active`. */
export const FAULT_KINDS = ['error', 'latency', 'event_loop', 'memory'] as const;
export type FaultKind = (typeof FAULT_KINDS)[number];
/** Values of the label `method`; any other request method counts as `_OTHER`. */
export const HTTP_METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
export const OTHER_METHOD = '_OTHER';
/** Value of the label `route` for a request that no route takes. */
export const UNMATCHED_ROUTE = 'unmatched';
