import { shareOf } from '../../src/instances/metric-share.ts';
import type { RuleTest, RuleTestFile } from '../../src/rule-tests/read-rule-tests.ts';
import { type Sample, samplesOf, valuesOf } from './series-values.ts';

/**
 * Gives rule tests the inputs that two instances of everything would expose, in a way that changes nothing for users: the verdicts,
 * labels and texts have to stay.
 * - `beside`: two instances all the time. They share the work, tell the same, or one is well beside the other;
 * - `handover`: one dies in the middle, and a new one, whose counters begin at zero, takes its place.
 */
export type Change = 'beside' | 'handover';
export const CHANGES: readonly Change[] = ['beside', 'handover'];

type Series = RuleTest['input_series'][number];

export function withTwoInstances(file: RuleTestFile, change: Change): RuleTestFile {
  return {
    ...file,
    tests: file.tests.map((test) => {
      const longest = Math.max(1, ...test.input_series.map(({ values }) => samplesOf(values).length));
      return {
        ...test,
        input_series: test.input_series.flatMap((series) => twoOf(series, change, longest)),
      };
    }),
  };
}

function twoOf(series: Series, change: Change, length: number): Series[] {
  const metric = /^[\w:]+/.exec(series.series)?.[0] ?? '';
  const samples = samplesOf(series.values);
  const both = (first: readonly Sample[], second: readonly Sample[]) => [
    { series: named(series.series, 'first:1', true), values: valuesOf(first) },
    { series: named(series.series, 'second:1', false), values: valuesOf(second) },
  ];
  switch (isOnePlace(series.series) ? 'same' : shareOf(metric)) {
    case 'one':
      return [series];
    case 'work':
      if (change === 'handover') return both(...handedOver(samples, true));
      return both(samples.map(half), samples.map(half));
    case 'same':
      if (change === 'handover') return both(...handedOver(samples, false));
      return both(samples, samples);
    case 'own': {
      const well = WELL[metric];
      // Whether a part is up is said of all its instances together: parts.test.yml has its own tests of two.
      if (metric === 'up') return [series];
      if (well === undefined) throw new Error(`${metric}: expected what it says of an instance that is well`);
      const values = samplesOf(well.replace('LENGTH', String(length)));
      if (change === 'beside') return both(samples, values);
      const [dying, born] = handedOver(values, metric.endsWith('_total'));
      return [
        ...both(samples, dying),
        { series: named(series.series, 'third:1', false), values: valuesOf(born) },
      ];
    }
  }
}

/** Tells whether each probe of it looks at the same place, as all of the database do. */
function isOnePlace(series: string): boolean {
  return series.includes('target_name="postgres"');
}

/** The values of an instance that is well, for as long as the test lasts. */
const WELL: Readonly<Record<string, string>> = {
  probe_success: '1xLENGTH',
  nodejs_eventloop_lag_p99_seconds: '0.01xLENGTH',
  process_resident_memory_bytes: '104857600xLENGTH',
  process_start_time_seconds: '1000xLENGTH',
  process_cpu_seconds_total: '0+0.25xLENGTH',
  db_pool_connections: '0xLENGTH',
  fluentd_output_status_buffer_queue_length: '0xLENGTH',
  prometheus_config_last_reload_successful: '1xLENGTH',
  alertmanager_config_last_reload_successful: '1xLENGTH',
};

/** A test that names an instance expects its alerts to name it: the first of the two keeps the name. */
function named(series: string, instance: string, keeps: boolean): string {
  if (keeps && series.includes('instance="')) return series;
  if (series.includes('instance="')) return series.replace(/instance="[^"]*"/, `instance="${instance}"`);
  return series.includes('{')
    ? series.replace('{', `{instance="${instance}",`)
    : `${series}{instance="${instance}"}`;
}

function half(sample: Sample): Sample {
  return typeof sample === 'number' ? Number((sample / 2).toPrecision(14)) : sample;
}

/** Cuts a series in the middle of its samples. @param counts whether the new one begins at zero. */
function handedOver(samples: readonly Sample[], counts: boolean): [Sample[], Sample[]] {
  const cut = Math.floor(samples.length / 2);
  const base = samples[cut];
  const dying: Sample[] = [...samples.slice(0, cut + 1), 'stale'];
  const born = samples.map((sample, index): Sample => {
    if (index < cut) return '_';
    if (!counts || typeof sample !== 'number' || typeof base !== 'number') return sample;
    // A counter that fell was begun anew already.
    return sample < base ? sample : Number((sample - base).toPrecision(14));
  });
  return [dying, born];
}
