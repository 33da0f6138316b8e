import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { RULES_PUT_RIGHT } from '../src/instances/put-right.ts';
import { files, read } from '../src/repository.ts';
import {
  alertsOf,
  type RuleTestFile,
  readRuleTests,
  ruleTestFiles,
} from '../src/rule-tests/read-rule-tests.ts';
import { findTool } from '../src/tools/find-tool.ts';
import { run } from './support/run.ts';
import { CHANGES, type Change, withTwoInstances } from './support/several-instances.ts';

interface Rules {
  groups: { rules: { alert?: string; expr: string; annotations?: unknown }[] }[];
}

/** Runs rule tests on the rules as they are, or with one expression as it was. */
async function promtool(path: string, tests: RuleTestFile, former?: { alert: string; before: string }) {
  await using folder = await temporaryFolder();
  mkdirSync(join(folder.path, 'rules'));
  mkdirSync(join(folder.path, 'tests'));
  for (const name of files('prometheus/rules/*.yml')) {
    const parsed = parse(read(name)) as Rules;
    for (const rule of parsed.groups.flatMap(({ rules }) => rules)) {
      if (former && rule.alert === former.alert) rule.expr = former.before;
      if (!tests.tests.some(hasTexts)) delete rule.annotations;
    }
    writeFileSync(join(folder.path, 'rules', basename(name)), stringify(parsed));
  }
  const file = join(folder.path, 'tests', basename(path));
  writeFileSync(file, stringify(tests, { aliasDuplicateObjects: false }));
  return await run(findTool('promtool'), ['test', 'rules', file]);
}

function hasTexts({ alert_rule_test = [] }: RuleTestFile['tests'][number]): boolean {
  return alert_rule_test.some(({ exp_alerts }) => exp_alerts.some((alert) => 'exp_annotations' in alert));
}

/** While one takes over from the other, a rate is read from two short pieces: its last digits, and so the texts, are others. */
function withoutTexts(file: RuleTestFile): RuleTestFile {
  return {
    ...file,
    tests: file.tests.map(({ alert_rule_test = [], ...test }) => ({
      ...test,
      alert_rule_test: alert_rule_test.map((check) => ({
        ...check,
        exp_alerts: check.exp_alerts.map(({ exp_labels }) => ({ exp_labels })),
      })),
    })),
  };
}

function testsFor(path: string, change: Change): RuleTestFile {
  const tests = withTwoInstances(readRuleTests(path), change);
  return change === 'handover' ? withoutTexts(tests) : tests;
}

describe.each(CHANGES)('with two instances of everything (%s)', (change) => {
  test.each(ruleTestFiles())('%s comes to the same verdicts', { timeout: 240_000 }, async (path) => {
    const { code, output } = await promtool(path, testsFor(path, change));
    expect(code, output).toBe(0);
  });
});

describe('what was right for one instance only', () => {
  test.each(RULES_PUT_RIGHT)('$alert, as it was, is noticed', { timeout: 240_000 }, async (former) => {
    const { alert } = former;
    const said: string[] = [];
    for (const path of ruleTestFiles()) {
      const file = readRuleTests(path);
      const tests = file.tests.filter((test) => alertsOf(test).has(alert));
      if (tests.length === 0) continue;
      for (const each of [{ ...file, tests }, withTwoInstances({ ...file, tests }, 'beside')])
        said.push((await promtool(path, each, former)).output);
    }
    expect(said.join('\n')).toContain(`alertname: ${alert}`);
  });
});
