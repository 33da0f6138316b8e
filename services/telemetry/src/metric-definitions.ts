/**
 * The metrics that every service may have, and the fixed sets that their labels come from, so that the number of series is bounded.
 * A service defines its own in a file `metrics.ts` of its own and makes them the same way (`telemetry.counter(METRICS.…)`).
 */
import { counter, gauge, histogram } from './metrics/definition.ts';

/** Seconds, 5 ms to 10 s, with an edge exactly on each latency objective and alert threshold: 0.3, 0.5 and 1. */
export const LATENCY_BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10] as const;
/** Seconds, 1 ms up: a healthy query takes about a millisecond. */
export const DATABASE_BUCKETS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;
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

/** Every metric of this library by name, apart from the default Node.js ones (`process_*`, `nodejs_*`). */
export const METRICS = { ...http, ...database, ...telemetry };

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
