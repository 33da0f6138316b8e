import { scaleDuration } from '@lab/prometheus';
import type { RuleTest, RuleTestFile } from '../../src/rule-tests/read-rule-tests.ts';

/**
 * Gives rule tests the inputs that a lab running `factor` times faster would see, so that they must pass on scaled rules.
 *
 * Samples come and are judged that much more often. What a counter does meanwhile depends on what the rule reads from it:
 * - `rate` (the usual case): the same load in a shorter time, so that rates stay and counts shrink: slopes are divided;
 * - `count`: the same number of events in the shorter window, for rules that ask for enough evidence (`# scale: rate`): values stay.
 * Single steps are events, not load: they stay in both. Readings of the same clock (ages, times of day) are divided.
 */
export type Events = 'rate' | 'count';

const CLOCKS =
  /^(worker_queue_oldest_seconds|pg_stat_activity_max_tx_duration|deadmansswitch_last_seen_timestamp_seconds|kube_pod_created|kube_pod_container_status_last_terminated_timestamp)\b/;
const LEVELS = /^process_resident_memory_bytes\b/;

export function scaleRuleTests(
  file: RuleTestFile,
  factor: number,
  eventsFor: (test: RuleTest) => Events,
): RuleTestFile {
  return {
    rule_files: file.rule_files,
    evaluation_interval: scaleDuration(file.evaluation_interval, factor),
    tests: file.tests.map((test) => scaleTest(test, factor, eventsFor(test))),
  };
}

function scaleTest(test: RuleTest, factor: number, events: Events): RuleTest {
  return {
    name: test.name,
    interval: scaleDuration(test.interval, factor),
    input_series: test.input_series.map(({ series, values }) => ({
      series,
      values: dividesValues(series, values, events) ? divideValues(values, factor) : values,
    })),
    alert_rule_test: (test.alert_rule_test ?? []).map((check) => ({
      alertname: check.alertname,
      eval_time: scaleDuration(check.eval_time, factor),
      exp_alerts: check.exp_alerts.map(({ exp_labels }) => ({ exp_labels })),
    })),
    promql_expr_test: (test.promql_expr_test ?? []).map((check) => ({
      ...check,
      eval_time: scaleDuration(check.eval_time, factor),
    })),
  };
}

function dividesValues(series: string, values: string, events: Events): boolean {
  if (CLOCKS.test(series)) return true;
  const slopes = /\d[+-](?!0x)[\d.]+x\d/.test(values);
  return events === 'rate' && slopes && !LEVELS.test(series);
}

/**
 * `0+6x3 18x2 stale` divided by ten: `0 0.6 1.2 1.8 1.8x2 stale`. Slopes are written out: promtool would add up 0.6 until it is a hair
 * above 36, and the 36 that follows would be a counter's reset.
 */
function divideValues(values: string, factor: number): string {
  return values
    .split(/\s+/)
    .map((part) => {
      const [, start, slope, times = ''] = /^(-?[\d.]+)([+-][\d.]+)?(x\d+)?$/.exec(part) ?? [];
      if (start === undefined) return part;
      if (slope === undefined) return `${divide(Number(start), factor)}${times}`;
      const samples = Array.from({ length: Number(times.slice(1)) + 1 }, (_, index) => index);
      return samples.map((index) => divide(Number(start) + Number(slope) * index, factor)).join(' ');
    })
    .join(' ');
}

function divide(value: number, factor: number): number {
  return Number((value / factor).toPrecision(14));
}
