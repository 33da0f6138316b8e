import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { read } from '../src/repository.ts';
import { alertsOf, readRuleTests, ruleTestFiles } from '../src/rule-tests/read-rule-tests.ts';
import { findTool } from '../src/tools/find-tool.ts';
import { mutantsOf } from './support/mutants.ts';
import { type AlertRule, alertRules } from './support/rules.ts';
import { run } from './support/run.ts';

/**
 * Rule tests are worth what they notice. Each rule is spoilt in every way that matters (threshold 25% up and down, `for` doubled and
 * halved, each clause left out, severity changed) and its tests must fail each time. Spoiling the burn-rate alerts of days is left out:
 * they come from one generator, whose 1h pair is here.
 */
const DAYS = new Set(['ErrorBudgetBurn6h', 'ErrorBudgetBurn1d', 'ErrorBudgetBurn3d']);

describe('the rule tests notice when a rule is spoilt', () => {
  const rules = alertRules().filter(({ alert }) => !DAYS.has(alert));

  test.each(rules.map((rule) => [rule.alert, rule] as const))('%s', { timeout: 180_000 }, async (_, rule) => {
    await using folder = await temporaryFolder();
    const tests = testsOf(rule, folder.path);
    const survived: string[] = [];
    for (const mutant of mutantsOf(rule)) {
      writeFileSync(join(folder.path, 'rules.yml'), withRule(rule, mutant.rule));
      const { code } = await run(findTool('promtool'), ['test', 'rules', tests]);
      if (code === 0) survived.push(mutant.name);
    }
    expect(survived).toEqual([]);
  });
});

/** The tests about this rule alone, beside the rules file that they read. */
function testsOf({ alert }: AlertRule, folder: string): string {
  const found = ruleTestFiles()
    .map(readRuleTests)
    .filter((file) => file.tests.some((test) => alertsOf(test).has(alert)));
  const tests = found.flatMap((file) => file.tests.filter((test) => alertsOf(test).has(alert)));
  const path = join(folder, 'tests.yml');
  writeFileSync(
    path,
    stringify(
      { rule_files: ['rules.yml'], evaluation_interval: found[0]?.evaluation_interval ?? '5s', tests },
      { aliasDuplicateObjects: false },
    ),
  );
  return path;
}

/** The rule's file with recording rules as they are, and this one alert. */
function withRule(original: AlertRule, spoilt: AlertRule): string {
  const { file: _, ...rule } = spoilt;
  const parsed = parse(read(original.file)) as {
    groups: { name: string; interval?: string; rules: { alert?: string }[] }[];
  };
  for (const group of parsed.groups) {
    group.rules = group.rules.flatMap((each) =>
      each.alert === undefined ? [each] : each.alert === original.alert ? [rule] : [],
    );
  }
  return stringify(parsed);
}
