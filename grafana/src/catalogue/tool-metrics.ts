import { readFileSync } from 'node:fs';
import { SERVICE_METRICS } from '@lab/prometheus/service-metrics';
import { z } from 'zod';
import { familyOf } from '../gate/metric-names.ts';
import { fullOnlyJob } from './full-only.ts';
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
  if (fullOnlyJob(name) !== undefined) return 'full mode';
  return name.startsWith('k6_') ? 'make load' : undefined;
}
