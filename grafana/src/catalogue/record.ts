/**
 * Records what a running lab says about the metrics that are not ours: `npm run record -w @lab/grafana -- URL`. Writes
 * tool-metrics.json, from which docs/metrics.md takes types and meanings; run it when a tool's version changes.
 */
import { writeFileSync } from 'node:fs';
import { z } from 'zod';
import { familyOf } from '../gate/metric-names.ts';
import { type RecordedMetric, usedToolMetrics } from './tool-metrics.ts';
import { unusedMetrics } from './unused.ts';

const declaredSchema = z.object({
  data: z.array(
    z.object({
      target: z.record(z.string(), z.string()),
      metric: z.string(),
      type: z.string(),
      help: z.string(),
    }),
  ),
});
const seriesSchema = z.object({ data: z.array(z.record(z.string(), z.string())) });

/** Labels that scraping adds, and that buckets have. */
const ADDED = new Set(['__name__', 'job', 'instance', 'le', 'quantile', 'target_name']);

/** Made by Prometheus for every target, declared by none. */
const SCRAPE: Readonly<Record<string, string>> = {
  up: 'Whether the last scrape of the target was answered.',
  scrape_duration_seconds: 'How long the last scrape took.',
  scrape_samples_post_metric_relabeling: 'Series that the target exposed.',
  scrape_series_added: 'Series that were new in the last scrape.',
};

const [url = 'http://127.0.0.1:9090'] = process.argv.slice(2);
const get = async (path: string): Promise<unknown> => (await fetch(`${url}/api/v1/${path}`)).json();

const { data: declared } = declaredSchema.parse(await get('targets/metadata'));
const found: Record<string, RecordedMetric> = {};
for (const name of [...new Set([...usedToolMetrics(), ...unusedMetrics.keys()])].sort()) {
  // OpenMetrics declares a counter without the suffix that its series carry.
  const own = declared.filter(
    ({ metric, type }) => metric === name || (type === 'counter' && `${metric}_total` === name),
  );
  const synthetic = SCRAPE[name];
  const [first] = own;
  if (first === undefined && synthetic === undefined) continue;
  const match = new URLSearchParams({ 'match[]': `{__name__=~"${name}(_bucket|_sum|_count)?"}` });
  const { data } = seriesSchema.parse(await get(`series?${match}`));
  const labels = new Set(data.flatMap((series) => Object.keys(series)).filter((label) => !ADDED.has(label)));
  found[familyOf(name)] = {
    type: first?.type ?? 'gauge',
    help: first?.help ?? synthetic ?? '',
    labels: [...labels].sort(),
    jobs: [...new Set(own.map(({ target }) => target['job'] ?? ''))].sort(),
  };
}
writeFileSync(new URL('./tool-metrics.json', import.meta.url), `${JSON.stringify(found, null, 2)}\n`);
console.log(`recorded ${Object.keys(found).length} metrics`);
