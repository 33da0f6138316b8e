/** Says what a second instance of whoever exposes a metric does to it: how rules and panels have to put the two together. */

/**
 * - `work`: the instances share the work, so that their values add up: requests, jobs, log lines;
 * - `same`: each tells of the same thing, seen from its place: a queue in the database, an object of the cluster. Adding counts it twice;
 * - `own`: each tells of itself: memory, readiness. One may be ill and the other well;
 * - `one`: there is never a second one of it.
 */
export type Share = 'work' | 'same' | 'own' | 'one';

/** By the beginning of a metric's name; the first that fits. */
const SHARES: readonly (readonly [RegExp, Share])[] = [
  // Read from the database by every worker and every API.
  [/^worker_queue_|^active_sessions$/, 'same'],
  // Exporters of one database; watchers of one cluster; a pair of Prometheus with the same rules; Alertmanagers that tell each other.
  [/^pg_(?!exporter_)|^kube_|^prometheus_(?:rule|notifications)_|^alertmanager_(?:alerts|silences)$/, 'same'],
  // The console keeps what it knows in files of its own: there is one.
  [/^console_|^deadmansswitch_|^inbox_|^lab_experiment_active$/, 'one'],
  // A container or a volume is on one node, and its kubelet tells of it alone. Jaeger makes one set of metrics of all spans. What rules
  // record has no instance.
  [/^container_|^kubelet_|^traces_span_metrics_|:/, 'one'],
  // Seen from outside, one target at a time. The port of the database is one.
  [/^probe_/, 'own'],
  [
    /^up$|^scrape_|^pg_exporter_|^node_|^grafana_|^toxiproxy_|^otelcol_|^process_|^nodejs_|^db_pool_|^faults_active$|^service_info$/,
    'own',
  ],
  [/^http_requests_in_flight$/, 'work'],
  [/^fluentd_output_status_buffer_|_config_last_reload_|^prometheus_/, 'own'],
  [/^alertmanager_/, 'work'],
  [/_(?:total|bucket|count|sum)$|^fluentd_/, 'work'],
];

/** @throws Error for a metric of which nobody has said it. */
export function shareOf(metric: string): Share {
  const found = SHARES.find(([name]) => name.test(metric));
  if (!found) throw new Error(`${metric}: expected an entry in prometheus/src/instances/metric-share.ts`);
  return found[1];
}
