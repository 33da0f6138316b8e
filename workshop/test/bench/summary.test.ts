import { expect, test } from 'vitest';
import type { Observation } from '../../src/bench/observation.ts';
import { chart, figures, table } from '../../src/bench/report.ts';
import { spread, summarise } from '../../src/bench/summary.ts';
import { VARIANTS } from '../../src/bench/variants.ts';

const result = { requests: 1000, requestsPerSecond: 1000, p50: 1, p99: 4, failed: 0 };

function observation(
  variant: string,
  slice: number,
  cpuMicrosPerRequest: number,
  saturated: number,
): Observation {
  return {
    variant,
    round: 0,
    slice,
    atRate: { ...result, cpuMicrosPerRequest },
    saturated: { ...result, requestsPerSecond: saturated },
    rssMegabytes: 100,
  };
}

test('a spread holds the median of odd and even counts and the quartiles', () => {
  expect(spread([3, 1, 2])).toEqual({ median: 2, lower: 1.5, upper: 2.5 });
  expect(spread([4, 1, 2, 3])).toEqual({ median: 2.5, lower: 1.75, upper: 3.25 });
});

test('a variant is compared with bare of the same slice, so that a machine that slows down between slices changes no ratio', () => {
  const rows = summarise(
    [
      observation('bare', 0, 50, 8000),
      observation('metrics', 0, 60, 4000),
      observation('metrics', 1, 110, 2000),
      observation('bare', 1, 100, 4000),
    ],
    ['bare', 'metrics'],
  );
  expect(rows[1]?.throughputRatio).toEqual({ median: 0.5, lower: 0.5, upper: 0.5 });
  expect(rows[1]?.cpuAddedMicros).toEqual({ median: 10, lower: 10, upper: 10 });
  expect(rows[0]?.cpuAddedMicros.median).toBe(0);
});

test('every variant appears in table and chart, and the published figures carry the agreed names', () => {
  const rows = summarise(
    VARIANTS.map(({ name }, index) => observation(name, 0, 50 + index, 8000 - index)),
    VARIANTS.map(({ name }) => name),
  );
  for (const { name } of VARIANTS) {
    expect(table(rows, VARIANTS)).toContain(`**${name}**`);
    expect(chart(rows)).toContain(`>${name}</text>`);
  }
  expect(Object.keys(figures(rows))).toEqual([
    'cpu_bare_us',
    'cpu_added_us_metrics',
    'cpu_added_us_logs',
    'cpu_added_us_traces10',
    'cpu_added_us_traces100',
    'cpu_added_us_official',
    'cpu_added_us_textbook',
    'throughput_traces10_vs_bare',
    'throughput_traces100_vs_bare',
    'throughput_official_vs_bare',
    'throughput_textbook_vs_bare',
    'p99_traces10_vs_bare',
    'memory_added_mb',
  ]);
  expect(figures(rows)['cpu_added_us_metrics']).toBe(1);
});
