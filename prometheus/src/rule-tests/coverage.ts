import { parseDuration } from '../duration.ts';
import { alertsOf, type RuleTest, readRuleTests, ruleTestFiles } from './read-rule-tests.ts';

/** What the rule tests prove of an alert. */
export type Proof = 'fires' | 'resolves' | 'too early' | 'silent';

const PROOFS: readonly Proof[] = ['fires', 'resolves', 'too early', 'silent'];

const tests = ruleTestFiles().flatMap((path) => readRuleTests(path).tests);

/**
 * Which proofs the rule tests hold for an alert:
 * - fires: it is expected, with labels and annotations given;
 * - too early, resolves: in the same test, it is expected absent before, and again after;
 * - silent: two tests or times in which it is only ever absent, although series are there: just below, and without traffic.
 */
export function alertCoverage(alert: string): Proof[] {
  const about = tests.filter((test) => alertsOf(test).has(alert));
  const found = new Set(about.flatMap((test) => proofsIn(test, alert)));
  const silent = about.filter((test) => checks(test, alert).every(({ firing }) => !firing));
  if (silent.flatMap((test) => checks(test, alert)).length >= 2 || silent.length >= 2) found.add('silent');
  return PROOFS.filter((proof) => found.has(proof));
}

function checks(test: RuleTest, alert: string): { at: number; firing: boolean; described: boolean }[] {
  return (test.alert_rule_test ?? [])
    .filter(({ alertname }) => alertname === alert)
    .map(({ eval_time, exp_alerts }) => ({
      at: parseDuration(eval_time),
      firing: exp_alerts.length > 0,
      described: exp_alerts.every(
        ({ exp_labels, exp_annotations }) =>
          exp_labels['severity'] !== undefined &&
          exp_labels['service'] !== undefined &&
          exp_annotations?.['description'] !== undefined &&
          exp_annotations['summary'] !== undefined,
      ),
    }));
}

function proofsIn(test: RuleTest, alert: string): Proof[] {
  const all = checks(test, alert);
  const firing = all.filter((check) => check.firing && check.described);
  if (firing.length === 0) return [];
  const proofs: Proof[] = ['fires'];
  if (all.some((check) => !check.firing && firing.some(({ at }) => check.at < at))) proofs.push('too early');
  if (all.some((check) => !check.firing && firing.some(({ at }) => check.at > at))) proofs.push('resolves');
  return proofs;
}
