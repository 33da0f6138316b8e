import { readFileSync } from 'node:fs';
import { METRICS } from '@lab/telemetry';
import { z } from 'zod';
import { familyOf } from '../gate/metric-names.ts';
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

const OURS = new Set(Object.keys(METRICS).map(familyOf));

/** Names of the metrics that dashboards and rules read and that are not ours, sorted. */
export function usedToolMetrics(): string[] {
  return [...metricUses().keys()].filter((name) => !OURS.has(name)).sort();
}

/** Why a used metric is not on record: lite has no such part, or it is there during a load test only. */
export function whyNotRecorded(name: string): string | undefined {
  if (/^(?:fluentd|container|node)_/.test(name)) return 'full mode';
  return name.startsWith('k6_') ? 'make load' : undefined;
}
