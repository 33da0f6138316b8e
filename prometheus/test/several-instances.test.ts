import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { files, read } from '../src/repository.ts';
import { readRuleTests, ruleTestFiles } from '../src/rule-tests/read-rule-tests.ts';
import { findTool } from '../src/tools/find-tool.ts';
import { run } from './support/run.ts';
import { CHANGES, withTwoInstances } from './support/several-instances.ts';

describe.each(CHANGES)('with two instances of everything (%s)', (change) => {
  test.each(ruleTestFiles())('%s comes to the same verdicts', { timeout: 240_000 }, async (path) => {
    await using folder = await temporaryFolder();
    mkdirSync(join(folder.path, 'rules'));
    mkdirSync(join(folder.path, 'tests'));
    for (const rules of files('prometheus/rules/*.yml'))
      writeFileSync(join(folder.path, 'rules', basename(rules)), read(rules));
    const tests = join(folder.path, 'tests', basename(path));
    writeFileSync(
      tests,
      stringify(withTwoInstances(readRuleTests(path), change), { aliasDuplicateObjects: false }),
    );

    const { code, output } = await run(findTool('promtool'), ['test', 'rules', tests]);

    expect(code, output).toBe(0);
  });
});
