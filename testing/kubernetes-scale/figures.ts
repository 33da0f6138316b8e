/** Makes the published numbers of the runs, and computes what as many pods write in an hour. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@lab/manifest';
import { round } from '@lab/workshop';
import { z } from 'zod';
import type { Results } from './inside.ts';
import type { Measured } from './measure.ts';

const DIGITS: Readonly<Record<keyof Measured, number>> = {
  discovery_seconds: 1,
  scrape_ms_p50: 1,
  scrape_ms_p99: 1,
  rules_ms: 0,
  rules_missed: 0,
  pods_down: 0,
  series: 0,
  samples_per_second: 0,
  cores: 2,
  memory_mb: 0,
};

/** Median of the runs, with the least and the most: `rules_ms_1000`, `rules_ms_1000_min`, `rules_ms_1000_max`. */
export function scaleFigures(results: Results): Record<string, number> {
  const figures: Record<string, number> = { runs: Math.max(...results.map(({ run }) => run)) };
  const sizes = [...new Set(results.map(({ pods }) => pods))];
  for (const size of sizes)
    for (const [name, digits] of Object.entries(DIGITS) as [keyof Measured, number][]) {
      const values = results
        .filter(({ pods }) => pods === size)
        .map(({ measured }) => measured[name])
        .sort((a, b) => a - b);
      const key = `${name}_${size}`;
      figures[key] = round(values[Math.floor(values.length / 2)] ?? Number.NaN, digits);
      figures[`${key}_min`] = round(values[0] ?? Number.NaN, digits);
      figures[`${key}_max`] = round(values.at(-1) ?? Number.NaN, digits);
    }
  const [least = 0, most = 0] = [Math.min(...sizes), Math.max(...sizes)];
  const series = (size: number) => figures[`series_${size}`] ?? Number.NaN;
  if (most > least) figures['series_per_pod'] = round((series(most) - series(least)) / (most - least), 0);
  return figures;
}

/** Numbers of pods that docs/sizing.md speaks of; a third of them are api, web and worker each. */
export const PODS = [10, 100, 1000] as const;
/** Requests a second of an ordinary day, of which one api pod takes all (docs/sizing.md). */
const REQUESTS_OF_A_POD = 50;
const HOUR_SECONDS = 3600;

/**
 * What so many pods cost if each api pod has an ordinary day, every request traced.
 * @param sizing the figures of `measure-sizing`. @param scale those of this measurement.
 */
export function scaleOnPaper(
  sizing: Readonly<Record<string, number>>,
  scale: Readonly<Record<string, number>>,
): Record<string, number> {
  const of = (file: Readonly<Record<string, number>>, name: string): number => {
    const value = file[name];
    if (value === undefined) throw new Error(`there is no measured figure ${name}`);
    return value;
  };
  return Object.fromEntries(
    PODS.flatMap((pods) => {
      const requests = (pods / 3) * REQUESTS_OF_A_POD;
      const lines = requests * HOUR_SECONDS * of(sizing, 'request_log_lines');
      const series = pods * of(scale, 'series_per_pod');
      return [
        [`requests_per_second_${pods}`, round(requests, 0)],
        [`series_${pods}`, series],
        [`samples_per_second_${pods}`, round(series / 5, 0)],
        [`million_lines_an_hour_${pods}`, round(lines / 1e6, 1)],
        [`line_gb_an_hour_${pods}`, round((lines * of(sizing, 'log_line_bytes')) / 1e9, 1)],
        [
          `million_spans_an_hour_${pods}`,
          round((requests * HOUR_SECONDS * of(sizing, 'request_spans')) / 1e6, 1),
        ],
      ];
    }),
  );
}

const published = z.object({ figures: z.record(z.string(), z.unknown()) });

/** Returns the most pods that were ever simulated beside an API server and published, nothing where that was not done. */
export function mostPodsSimulated(root = ROOT): { simulated_pods?: number } {
  const path = join(root, 'docs', 'figures', 'kubernetes-scale.json');
  if (!existsSync(path)) return {};
  const { figures } = published.parse(JSON.parse(readFileSync(path, 'utf8')));
  const sizes = Object.keys(figures).flatMap((name) => /^series_(\d+)$/.exec(name)?.[1] ?? []);
  return sizes.length === 0 ? {} : { simulated_pods: Math.max(...sizes.map(Number)) };
}
