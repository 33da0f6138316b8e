import { readManifest } from '@lab/manifest';
import { downAlerts } from '@lab/prometheus';

/** The line that a chart draws for an alert: the left side of its rule, so that the line and the threshold can be compared. */
interface Signal {
  title: string;
  query: string;
  /** Where the rule's number scales with time. */
  threshold?: (speed: number) => number;
}

const SIGNALS: Readonly<Record<string, Signal>> = {
  HighErrorRate: {
    title: 'share of API requests answered 5xx',
    query:
      '(sum(rate(http_requests_total{job="taskmanager-backend",status_code=~"5.."}[5m])) or vector(0)) / sum(rate(http_requests_total{job="taskmanager-backend"}[5m]))',
  },
  SlowAPIResponse: {
    title: 'API latency, p90, seconds',
    query:
      'histogram_quantile(0.9, sum by (le) (rate(http_request_duration_seconds_bucket{job="taskmanager-backend"}[5m])))',
  },
  ClientErrorSurge: {
    title: 'share of API requests refused with 4xx',
    query:
      'sum(rate(http_requests_total{job="taskmanager-backend",status_code=~"4..",status_code!="499"}[5m])) / sum(rate(http_requests_total{job="taskmanager-backend"}[5m]))',
  },
  TrafficGone: {
    title: 'requests a second that reach the API',
    query: 'sum(rate(http_requests_total{job="taskmanager-backend"}[2m]))',
    threshold: () => 0,
  },
  HighUpstreamErrorRate: {
    title: 'share of requests through web that got no answer from the API',
    query:
      '(sum(rate(http_requests_total{job="taskmanager-frontend",route="/api/*",status_code=~"502|503|504"}[5m])) - (sum(rate(http_requests_total{job="taskmanager-backend",status_code=~"502|503|504"}[5m])) or vector(0))) / sum(rate(http_requests_total{job="taskmanager-frontend",route="/api/*"}[5m]))',
  },
  BrowserErrors: {
    title: 'script errors for each page view',
    query: 'sum(rate(frontend_errors_total[5m])) / sum(rate(web_vitals_ttfb_seconds_count[5m]))',
  },
  LargestContentfulPaintPoor: {
    title: 'LCP, p75, seconds',
    query: 'histogram_quantile(0.75, sum by (le) (rate(web_vitals_lcp_seconds_bucket[15m])))',
  },
  WorkerBacklog: {
    title: 'age of the oldest job due, seconds',
    query: 'max(worker_queue_oldest_seconds{queue!="dead-letter"})',
    threshold: (speed) => 300 / speed,
  },
  JobsFailing: {
    title: 'share of attempts at jobs that failed',
    query: 'sum(rate(worker_jobs_total{outcome="failed"}[5m])) / sum(rate(worker_jobs_total[5m]))',
  },
  HighDatabaseLatency: {
    title: 'database operations, p90, seconds',
    query:
      'histogram_quantile(0.9, sum by (le) (rate(database_operation_duration_seconds_bucket{job="taskmanager-backend"}[5m])))',
  },
  DatabaseErrors: {
    title: 'share of database operations that failed',
    query:
      'sum(rate(database_operation_duration_seconds_count{job="taskmanager-backend",success="false"}[5m])) / sum(rate(database_operation_duration_seconds_count{job="taskmanager-backend"}[5m]))',
  },
  ConnectionPoolExhausted: {
    title: 'callers waiting for a connection',
    query: 'max(db_pool_connections{state="waiting"})',
  },
  DatabaseDown: { title: 'the database answers', query: 'min(pg_up)', threshold: () => 1 },
  DatabaseConnectionsNearMax: {
    title: 'share of connections in use',
    query: 'sum(pg_stat_activity_count) / max(pg_settings_max_connections)',
  },
  LongTransaction: {
    title: 'oldest transaction, seconds',
    query: 'max(pg_stat_activity_max_tx_duration{state=~"active|idle in transaction.*"})',
    threshold: (speed) => 300 / speed,
  },
  TableLocked: { title: 'access exclusive locks', query: 'sum(pg_locks_count{mode="accessexclusivelock"})' },
  Deadlocks: { title: 'deadlocks', query: 'sum(increase(pg_stat_database_deadlocks[5m]))' },
  CacheHitRatioLow: {
    title: 'share of blocks read from memory',
    query:
      'sum(rate(pg_stat_database_blks_hit{datname="taskmanager"}[5m])) / (sum(rate(pg_stat_database_blks_hit{datname="taskmanager"}[5m])) + sum(rate(pg_stat_database_blks_read{datname="taskmanager"}[5m])))',
  },
  EventLoopLag: { title: 'event loop delay, p99, seconds', query: 'max(nodejs_eventloop_lag_p99_seconds)' },
  MemoryGrowth: {
    title: 'share of the memory limit',
    query: 'max(process_resident_memory_bytes / on (job) group_left () lab:memory_limit:bytes)',
  },
  RestartLoop: {
    title: 'restarts',
    query: 'max(changes(process_start_time_seconds{job=~"taskmanager-.+|lab-console"}[15m]))',
  },
  CpuSaturated: {
    title: 'cores used',
    query: 'max(rate(process_cpu_seconds_total{job=~"taskmanager-.+"}[5m]))',
  },
  ConsoleStoreStalled: {
    title: 'log lines stored a second',
    query: 'sum(rate(console_store_written_total{signal="logs"}[5m]))',
    threshold: () => 0,
  },
  ConsoleLogDefects: {
    title: 'lines that are no records',
    query: 'sum(increase(console_store_defects_total[5m]))',
  },
  ConsoleStoreRejecting: {
    title: 'rejected spans',
    query: 'sum(increase(console_store_rejected_total[5m]))',
  },
  LogRecordsDropped: {
    title: 'log records lost',
    query: 'sum(increase(telemetry_log_records_dropped_total[5m]))',
  },
  SpansDropped: { title: 'spans lost a second', query: 'sum(rate(telemetry_spans_dropped_total[5m]))' },
  RequestRateAnomaly: {
    title: 'requests a second through web, and the learned bound',
    query: 'lab:request_rate:rate2m or lab:request_rate:upper1h',
  },
  PrometheusRuleFailures: {
    title: 'failed evaluations',
    query: 'sum(increase(prometheus_rule_evaluation_failures_total[5m]))',
  },
  PrometheusRulesLate: {
    title: 'evaluations left out',
    query: 'sum(increase(prometheus_rule_group_iterations_missed_total[5m]))',
  },
  PrometheusConfigReloadFailed: {
    title: 'the last reload succeeded',
    query: 'prometheus_config_last_reload_successful',
    threshold: () => 1,
  },
};

/** Returns an alert's signal, where it has one. The signal of a part's Down alert follows from the manifest. */
export function signalOf(alert: string): Signal | undefined {
  const down = downAlerts(readManifest()).find(({ name }) => name === alert);
  if (!down) return SIGNALS[alert];
  return { title: `${down.part.title} answers scrapes`, query: `up{job="${down.job}"}`, threshold: () => 1 };
}
