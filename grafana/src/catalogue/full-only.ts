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

/** The metrics that only Kubernetes has. Its kubelets' cAdvisor has the job and the metrics of full's. */
export const KUBERNETES_ONLY: readonly FullOnly[] = [
  { job: 'kube-state-metrics', prefix: 'kube_' },
  { job: 'kubelet', prefix: 'kubelet_' },
];

/** Returns the job that exposes a metric, if not every mode has it. */
export function jobOfSomeModes(metric: string): string | undefined {
  return [...FULL_ONLY, ...KUBERNETES_ONLY].find(({ prefix }) => metric.startsWith(prefix))?.job;
}

/** Tells whether only Kubernetes has a metric. */
export function isOfKubernetes(metric: string): boolean {
  return KUBERNETES_ONLY.some(({ prefix }) => metric.startsWith(prefix));
}
