/** What was right for one instance only. A test shows of each that it was wrong with two, and that what stands there now is not. */

export interface PutRight {
  /** The alert whose rule it was. */
  alert: string;
  /** What two instances made of it. */
  wrong: string;
  /** The expression as it was. */
  before: string;
}

export const RULES_PUT_RIGHT: readonly PutRight[] = [
  {
    alert: 'DatabaseConnectionsNearMax',
    wrong: 'Two exporters of one database counted each connection twice: it fired at 40 %.',
    before: 'sum(pg_stat_activity_count) / max(pg_settings_max_connections) > 0.8',
  },
  {
    alert: 'Deadlocks',
    wrong: 'Its message told of twice as many.',
    before: 'sum by (datname) (increase(pg_stat_database_deadlocks[5m])) > 0',
  },
  {
    alert: 'CacheHitRatioLow',
    wrong: 'The clause of minimum reading was met by half of it, so a cold start of a quiet database fired.',
    before: `sum by (datname) (rate(pg_stat_database_blks_hit[5m]))
/ (sum by (datname) (rate(pg_stat_database_blks_hit[5m])) + sum by (datname) (rate(pg_stat_database_blks_read[5m])))
< 0.9
and sum by (datname) (rate(pg_stat_database_blks_read[5m])) > 100`,
  },
  {
    alert: 'PrometheusRuleFailures',
    wrong: 'Of a pair of Prometheus with the same rules, its message told of twice as many failures.',
    before: 'sum by (rule_group) (increase(prometheus_rule_evaluation_failures_total[5m])) > 0',
  },
  {
    alert: 'PrometheusRulesLate',
    wrong: 'Two evaluations left out in each of a pair were four, above the threshold of three.',
    before: 'sum by (rule_group) (increase(prometheus_rule_group_iterations_missed_total[5m])) >= 3',
  },
  {
    alert: 'PrometheusNotificationsFailing',
    wrong:
      'One of several Alertmanagers away failed a third of all sendings, though every alert was heard by the others.',
    before: `sum(rate(prometheus_notifications_errors_total[5m]))
/ (sum(rate(prometheus_notifications_sent_total[5m])) > 0)
> 0.1`,
  },
  {
    alert: 'DatabaseDown',
    wrong: 'One of two exporters that could not ask was taken for a database that does not answer.',
    before: `min(
  pg_up{job="postgres-exporter"}
  or probe_success{job="blackbox",target_name="postgres"}
) == 0`,
  },
  {
    alert: 'LogPipelineStalled',
    wrong: 'A Fluentd that took nothing on its node was hidden by those of other nodes.',
    before: `sum(rate(log_records_total{job=~"taskmanager-.+"}[5m])) > 0.2 # scale: rate
and sum(rate(fluentd_output_status_emit_records{plugin_id="elasticsearch"}[5m])) == 0`,
  },
  {
    alert: 'ApiDown',
    wrong:
      'One of two instances down paged as if there were none, and silenced what the other one had to say of itself. So did every other Down alert.',
    before: 'up{job="taskmanager-backend"} == 0 or absent(up{job="taskmanager-backend"})',
  },
];

export interface PanelsPutRight {
  /** The dashboard, by its uid, and the titles of its panels. */
  dashboard: string;
  panels: readonly string[];
  wrong: string;
  /** The query of the first of them, as it was. */
  before: string;
}

export const PANELS_PUT_RIGHT: readonly PanelsPutRight[] = [
  {
    dashboard: 'worker',
    panels: ['Waiting', 'Given up'],
    wrong: 'Every worker tells of the same queue: with two, twice as many jobs waited.',
    before: 'sum(worker_queue_depth{queue!="dead-letter"})',
  },
  {
    dashboard: 'worker',
    panels: ['Waiting by queue', 'Age of the oldest'],
    wrong: 'A line for each worker, of one name and one value.',
    before: 'worker_queue_depth{queue=~".*"}',
  },
  {
    dashboard: 'database',
    panels: [
      'Connections used',
      'Size',
      'Connections by state',
      'Transactions',
      'Rows',
      'Locks',
      'Deadlocks and conflicts',
      'Reads from disk',
      'Cache hits',
    ],
    wrong: 'Two exporters of one database doubled everything that was added up.',
    before: 'sum(pg_stat_activity_count) / max(pg_settings_max_connections)',
  },
  {
    dashboard: 'on-call',
    panels: ['What fills up'],
    wrong: 'The connections of the database, as above.',
    before: 'sum(pg_stat_activity_count) / max(pg_settings_max_connections)',
  },
  {
    dashboard: 'nodejs',
    panels: [
      'CPU',
      'Event loop delay, p99',
      'Handles and requests',
      'Memory and its limit',
      'Restarts',
      'Open files',
      'What runs',
    ],
    wrong: 'Two processes of one service had lines of one name: nobody could tell which was ill.',
    before: 'nodejs_eventloop_lag_p99_seconds{job=~".*"}',
  },
  {
    dashboard: 'application',
    panels: ['CPU', 'Memory', 'Event loop delay, p99'],
    wrong: 'The same.',
    before: 'process_resident_memory_bytes{job=~".*"}',
  },
  {
    dashboard: 'lab-health',
    panels: ['Rules failing', 'Notifications', 'Delivery'],
    wrong:
      'A pair of Prometheus evaluates the same rules, and Alertmanagers hold the same alerts and silences: both were counted.',
    before: 'sum(increase(prometheus_rule_evaluation_failures_total[5m]))',
  },
  {
    dashboard: 'lab-health',
    panels: ['Series', 'Prometheus on disk', 'Rule evaluation', 'How far back', 'Exemplars', 'Machine'],
    wrong: 'A line for each of a pair, or of two machines, of one name.',
    before: 'prometheus_tsdb_head_series{job="prometheus"}',
  },
];
