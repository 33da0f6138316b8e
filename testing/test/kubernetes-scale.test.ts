import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { exposedAfter } from '../kubernetes-scale/exposition.ts';
import { mostPodsSimulated, scaleFigures, scaleOnPaper } from '../kubernetes-scale/figures.ts';
import type { Measured } from '../kubernetes-scale/measure.ts';
import { simulatedPods } from '../kubernetes-scale/pods.ts';
import { temporaryFolder } from '../src/index.ts';

const PAGE = `# HELP a_total Things.
# TYPE a_total counter
a_total{job="x y",le="1.0"} 10 # {trace_id="00"} 1 2.5
# TYPE b gauge
b 4
# TYPE c histogram
c_bucket{le="+Inf"} 6
c_count 6
# EOF
`;

it('counts counters and histograms on by their recorded value a minute, and leaves gauges and comments', () => {
  expect(exposedAfter(PAGE, 0)).toContain('a_total{job="x y",le="1.0"} 10\n');
  expect(exposedAfter(PAGE, 90)).toBe(`# HELP a_total Things.
# TYPE a_total counter
a_total{job="x y",le="1.0"} 25
# TYPE b gauge
b 4
# TYPE c histogram
c_bucket{le="+Inf"} 15
c_count 15
# EOF
`);
});

it('gives a thousand pods an address each, a third of them to each kind', () => {
  const pods = simulatedPods(1000);
  expect(new Set(pods.map(({ ip }) => ip)).size).toBe(1000);
  for (const { ip } of pods) expect(ip).toMatch(/^10\.201\.[1-4]\.(?:[1-9]\d?|1\d\d|2[0-4]\d|250)$/);
  expect(pods.filter(({ kind }) => kind === 'worker').length).toBe(333);
});

const measured = (values: Partial<Measured>): Measured => ({
  discovery_seconds: 5,
  scrape_ms_p50: 2,
  scrape_ms_p99: 4,
  rules_ms: 40,
  rules_missed: 0,
  pods_down: 0,
  series: 5000,
  samples_per_second: 1000,
  cores: 0.1,
  memory_mb: 100,
  ...values,
});

it('publishes the median of the runs with the least and the most, and the series of one more pod', () => {
  const figures = scaleFigures([
    { pods: 10, run: 1, measured: measured({ rules_ms: 90 }) },
    { pods: 10, run: 2, measured: measured({ rules_ms: 30 }) },
    { pods: 10, run: 3, measured: measured({ rules_ms: 40 }) },
    { pods: 110, run: 1, measured: measured({ series: 55_000 }) },
  ]);
  expect(figures).toMatchObject({
    runs: 3,
    rules_ms_10: 40,
    rules_ms_10_min: 30,
    rules_ms_10_max: 90,
    series_110: 55_000,
    series_per_pod: 500,
  });
});

it('computes what pods write in an hour from what a request and a pod were measured to cost', () => {
  const sizing = { request_log_lines: 2, log_line_bytes: 500, request_spans: 6 };
  expect(scaleOnPaper(sizing, { series_per_pod: 400 })).toMatchObject({
    requests_per_second_1000: 16_667,
    series_1000: 400_000,
    samples_per_second_1000: 80_000,
    million_lines_an_hour_1000: 120,
    line_gb_an_hour_1000: 60,
    million_spans_an_hour_1000: 360,
  });
  expect(() => scaleOnPaper(sizing, {})).toThrow('series_per_pod');
});

it('tells how many pods were simulated only where that was measured and published', async () => {
  await using folder = await temporaryFolder();
  expect(mostPodsSimulated(folder.path)).toEqual({});
  await mkdir(join(folder.path, 'docs', 'figures'), { recursive: true });
  const file = join(folder.path, 'docs', 'figures', 'kubernetes-scale.json');
  await writeFile(file, JSON.stringify({ figures: { series_10: 1, series_300: 2, series_per_pod: 3 } }));
  expect(mostPodsSimulated(folder.path)).toEqual({ simulated_pods: 300 });
});
