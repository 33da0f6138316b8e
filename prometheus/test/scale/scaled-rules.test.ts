import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { scaleRules } from '@lab/prometheus';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { files, read } from '../../src/repository.ts';
import {
  alertsOf,
  type RuleTest,
  readRuleTests,
  ruleTestFiles,
} from '../../src/rule-tests/read-rule-tests.ts';
import { findTool } from '../../src/tools/find-tool.ts';
import { alertRules } from '../support/rules.ts';
import { run } from '../support/run.ts';
import { type Events, scaleRuleTests } from '../support/scale-rule-tests.ts';

const FACTOR = 10;

/** Rules that ask for a number of events see the same number in the shorter window. */
const countEvents = new Set(
  alertRules()
    .filter(({ expr }) => expr.includes('# scale: rate'))
    .map(({ alert }) => alert),
);

function eventsFor(ruleTest: RuleTest): Events {
  return [...alertsOf(ruleTest)].some((alert) => countEvents.has(alert)) ? 'count' : 'rate';
}

describe(`rules at time scale ${FACTOR}`, () => {
  test.each(ruleTestFiles())(
    '%s passes on scaled inputs as it does on unscaled ones',
    { timeout: 240_000 },
    async (path) => {
      await using folder = await temporaryFolder();
      mkdirSync(join(folder.path, 'rules'));
      mkdirSync(join(folder.path, 'tests'));
      for (const rules of files('prometheus/rules/*.yml')) {
        const scaled = scaleRules(read(rules), FACTOR);
        writeFileSync(join(folder.path, 'rules', basename(rules)), withoutAnnotations(scaled));
      }
      const tests = join(folder.path, 'tests', basename(path));
      writeFileSync(tests, stringify(scaleRuleTests(readRuleTests(path), FACTOR, eventsFor)));

      const { code, output } = await run(findTool('promtool'), ['test', 'rules', tests]);

      expect(code, output).toBe(0);
    },
  );
});

/** Texts name the unscaled durations and the scaled values: they are compared unscaled, in promtool.test.ts. */
function withoutAnnotations(rules: string): string {
  const parsed = parse(rules) as { groups: { rules: { annotations?: unknown }[] }[] };
  for (const rule of parsed.groups.flatMap((group) => group.rules)) delete rule.annotations;
  return stringify(parsed);
}
