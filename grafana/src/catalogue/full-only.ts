/** What lite has not: its console takes the place of some, and the others watch containers. */
export interface FullOnly {
  /** As prometheus/targets names it. */
  job: string;
  /** How the names of its metrics begin. */
  prefix: string;
}

/** The one list of metrics that only full mode has; node-exporter and cAdvisor only with the profile `host`, Grafana unless left out. */
export const FULL_ONLY: readonly FullOnly[] = [
  { job: 'fluentd', prefix: 'fluentd_' },
  // Jaeger 2 is an OpenTelemetry collector, and makes metrics of the spans besides (jaeger/jaeger.yaml).
  { job: 'jaeger', prefix: 'otelcol_' },
  { job: 'jaeger-spanmetrics', prefix: 'traces_span_metrics_' },
  { job: 'grafana', prefix: 'grafana_' },
  { job: 'toxiproxy', prefix: 'toxiproxy_' },
  { job: 'cadvisor', prefix: 'container_' },
  { job: 'node-exporter', prefix: 'node_' },
];

/** Whose metric it is, if only full mode has it. */
export function fullOnlyJob(metric: string): string | undefined {
  return FULL_ONLY.find(({ prefix }) => metric.startsWith(prefix))?.job;
}
