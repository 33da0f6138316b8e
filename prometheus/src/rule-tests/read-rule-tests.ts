import { parse } from 'yaml';
import { files, read } from '../repository.ts';

/** What promtool reads from a file of rule tests, as far as ours use it. */
export interface RuleTestFile {
  rule_files: string[];
  evaluation_interval: string;
  tests: RuleTest[];
}

export interface RuleTest {
  name: string;
  interval: string;
  input_series: { series: string; values: string }[];
  alert_rule_test?: { alertname: string; eval_time: string; exp_alerts: ExpectedAlert[] }[];
  promql_expr_test?: { expr: string; eval_time: string; exp_samples: unknown[] }[];
}

export interface ExpectedAlert {
  exp_labels: Record<string, string>;
  exp_annotations?: Record<string, string>;
}

export function ruleTestFiles(): string[] {
  return files('prometheus/tests/*.test.yml');
}

export function readRuleTests(path: string): RuleTestFile {
  return parse(read(path), { merge: true }) as RuleTestFile;
}

/** Alerts that a test is about. */
export function alertsOf(test: RuleTest): Set<string> {
  return new Set(test.alert_rule_test?.map(({ alertname }) => alertname));
}
