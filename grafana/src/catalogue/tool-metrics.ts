import { readFileSync } from 'node:fs';
import { SERVICE_METRICS } from '@lab/prometheus/service-metrics';
import { z } from 'zod';
import { familyOf } from '../gate/metric-names.ts';
import { isOfKubernetes, jobOfSomeModes } from './full-only.ts';
import { metricUses } from './uses.ts';

/** A metric that is not ours to define: of Node.js, of Prometheus itself, of an exporter, of k6. */
const recorded = z.record(
  z.string(),
  z.strictObject({
    type: z.string(),
    help: z.string(),
    labels: z.array(z.string()),
    jobs: z.array(z.string()),
  }),
);

export type RecordedMetric = z.infer<typeof recorded>[string];

const FILE = new URL('./tool-metrics.json', import.meta.url);

/** What `npm run record -w @lab/grafana` read from a running lab, by name. */
export function recordedMetrics(): ReadonlyMap<string, RecordedMetric> {
  return new Map(Object.entries(recorded.parse(JSON.parse(readFileSync(FILE, 'utf8')))));
}

const entry = (type: string, labels: readonly string[], help: string) => ({
  type,
  labels: [...labels],
  help,
  jobs: [],
});
const REQUEST = ['method', 'name', 'status', 'expected_response'];
const OUTPUT = ['plugin_id', 'type'];
const POD = ['namespace', 'pod'];
const CONTAINER = [...POD, 'container'];
const CLAIM = ['namespace', 'persistentvolumeclaim'];

/** What a lite lab without a load test cannot say: written down from the tools' documents. */
export const DOCUMENTED_METRICS: ReadonlyMap<string, RecordedMetric> = new Map([
  ['k6_http_reqs_total', entry('counter', REQUEST, 'Requests sent; status 0 is no answer.')],
  ['k6_http_req_duration_p95', entry('gauge', REQUEST, 'p95 of the durations of each route, seconds.')],
  ['k6_http_req_duration_p99', entry('gauge', REQUEST, 'p99 of the durations of each route, seconds.')],
  ['k6_iterations_total', entry('counter', ['scenario'], 'Journeys finished.')],
  ['k6_dropped_iterations_total', entry('counter', ['scenario'], 'Journeys that could not begin in time.')],
  ['k6_vus', entry('gauge', [], 'Journeys under way.')],
  ['k6_data_received_total', entry('counter', ['scenario'], 'Bytes received.')],
  ['fluentd_output_status_buffer_queue_length', entry('gauge', OUTPUT, 'Chunks that wait to be sent.')],
  ['fluentd_output_status_buffer_total_bytes', entry('gauge', OUTPUT, 'Bytes that wait to be sent.')],
  [
    'fluentd_output_status_buffer_available_space_ratio',
    entry('gauge', OUTPUT, 'Room left in the buffer, per cent.'),
  ],
  ['fluentd_output_status_emit_records', entry('gauge', OUTPUT, 'Records that an output has taken.')],
  ['fluentd_output_status_retry_count', entry('gauge', OUTPUT, 'Attempts to send that failed.')],
  ['fluentd_records_rejected_total', entry('counter', [], 'Records that could not be parsed or indexed.')],
  ['container_memory_working_set_bytes', entry('gauge', ['name'], 'Memory that a container works with.')],
  [
    'container_cpu_cfs_periods_total',
    entry('counter', CONTAINER, 'Tenths of a second for which a container with a limit had work.'),
  ],
  [
    'container_cpu_cfs_throttled_periods_total',
    entry('counter', CONTAINER, 'Of these, those in which it used its share up and had to wait.'),
  ],
  [
    'kube_daemonset_status_number_unavailable',
    entry(
      'gauge',
      ['namespace', 'daemonset'],
      'Nodes that should run a pod of it and have none that serves.',
    ),
  ],
  [
    'kube_deployment_status_replicas_unavailable',
    entry(
      'gauge',
      ['namespace', 'deployment'],
      'Pods that should serve and do not, old and new version together.',
    ),
  ],
  [
    'kube_node_status_condition',
    entry(
      'gauge',
      ['node', 'condition', 'status'],
      'Whether a condition of a node is true, false or unknown.',
    ),
  ],
  [
    'kube_pod_container_resource_limits',
    entry('gauge', [...CONTAINER, 'resource', 'unit'], 'Limit of a container.'),
  ],
  [
    'kube_pod_container_status_last_terminated_reason',
    entry('gauge', [...CONTAINER, 'reason'], 'Why a container ended, the last time.'),
  ],
  [
    'kube_pod_container_status_last_terminated_timestamp',
    entry('gauge', CONTAINER, 'When a container ended, the last time.'),
  ],
  ['kube_pod_container_status_restarts_total', entry('counter', CONTAINER, 'Starts after an end.')],
  [
    'kube_pod_container_status_waiting_reason',
    entry('gauge', [...CONTAINER, 'reason'], 'Why a container does not run yet.'),
  ],
  ['kube_pod_container_status_ready', entry('gauge', CONTAINER, 'Whether a container is ready to serve.')],
  ['kube_pod_init_container_status_ready', entry('gauge', CONTAINER, 'Whether an init container is done.')],
  ['kube_pod_created', entry('gauge', POD, 'When a pod was made.')],
  [
    'kube_pod_init_container_status_restarts_total',
    entry('counter', CONTAINER, 'Starts of an init container after an end.'),
  ],
  [
    'kube_pod_init_container_status_waiting_reason',
    entry('gauge', [...CONTAINER, 'reason'], 'Why an init container does not run yet.'),
  ],
  ['kube_pod_status_phase', entry('gauge', [...POD, 'phase'], 'How far a pod is.')],
  ['kube_pod_status_unschedulable', entry('gauge', POD, 'The scheduler has found no node for a pod.')],
  [
    'kube_statefulset_replicas',
    entry('gauge', ['namespace', 'statefulset'], 'Pods that a StatefulSet should have.'),
  ],
  [
    'kube_statefulset_status_replicas_available',
    entry('gauge', ['namespace', 'statefulset'], 'Pods of it that serve.'),
  ],
  ['kubelet_volume_stats_available_bytes', entry('gauge', CLAIM, 'Room left in the volume of a claim.')],
  ['kubelet_volume_stats_capacity_bytes', entry('gauge', CLAIM, 'Size of the volume of a claim.')],
  ['node_cpu_seconds_total', entry('counter', ['cpu', 'mode'], 'Time that processors spent in each mode.')],
  ['node_memory_MemAvailable_bytes', entry('gauge', [], 'Memory that programs could still have.')],
  ['node_memory_MemTotal_bytes', entry('gauge', [], 'Memory of the machine.')],
]);

const OURS = new Set([...SERVICE_METRICS.keys()].map(familyOf));

/** Names of the metrics that dashboards and rules read and that are not ours, sorted. */
export function usedToolMetrics(): string[] {
  return [...metricUses().keys()].filter((name) => !OURS.has(name)).sort();
}

/** Why a used metric is not on record: lite has no such part, or it is there during a load test only. */
export function whyNotRecorded(name: string): string | undefined {
  if (isOfKubernetes(name)) return 'kubernetes mode';
  if (jobOfSomeModes(name) !== undefined) return 'full mode';
  return name.startsWith('k6_') ? 'make load' : undefined;
}
