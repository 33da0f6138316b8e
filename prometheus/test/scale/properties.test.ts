/** What holds for every rule: durations and marked numbers are divided, and every other letter stays. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readAlertRules, readRules, scalePromql, scaleRuleFiles, scaleRules } from '@lab/prometheus';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { seededRandom } from '../../src/backtest/random.ts';
import { findTool } from '../../src/tools/find-tool.ts';
import { type Pair, PromqlMaker } from '../support/random-promql.ts';
import { run } from '../support/run.ts';

const FACTORS = [2, 3, 10, 60];
const EXPRESSIONS = 500;

function expressions(factor: number, modern: boolean, count = EXPRESSIONS): Pair[] {
  const maker = new PromqlMaker({ random: seededRandom(factor), factor, modern });
  return Array.from({ length: count }, () => maker.vector());
}

describe.each(FACTORS)('at time scale %d', (factor) => {
  test.each([false, true])(
    `${EXPRESSIONS} expressions at random: durations are divided, all else stays (Prometheus 3 only: %s)`,
    (modern) => {
      for (const { written, scaled } of expressions(factor, modern))
        expect(scalePromql(written, factor), written).toBe(scaled);
    },
  );

  test('in a file, the same expressions are scaled however YAML writes them, and no other letter changes', () => {
    const written = expressions(factor, true, 200).filter(({ written: text }) => text.trim() === text);
    for (const style of Object.keys(STYLES)) {
      const file = fileOf(
        written.map(({ written: text }) => text),
        style,
      );
      const expected = fileOf(
        written.map(({ scaled }) => scaled),
        style,
      );
      expect(parse(file).groups[0].rules, style).toHaveLength(written.length);
      // Every range is long enough where scrapes are a millisecond apart.
      const scaled = scaleRules(file, factor, { scrapeInterval: '1ms', evaluationInterval: `${factor}s` });
      expect(rulesOf(scaled), style).toEqual(rulesOf(expected));
      expect(skeleton(scaled), style).toBe(skeleton(file));
    }
  });

  test("the lab's own signals, windows and pasts are divided", () => {
    const rules = readRules();
    const scaled = scaleRuleFiles(rules, factor, { scrapeInterval: '1ms' });
    expect(scaled.refused).toEqual([]);
    const faster = new Map(readAlertRules(scaled.files).map((rule) => [rule.name, rule]));
    for (const { name, pastMs, forMs, keepFiringForMs, signals } of readAlertRules(rules)) {
      expect(faster.get(name)?.pastMs, name).toBeCloseTo(pastMs / factor, -1);
      expect(faster.get(name)?.forMs, name).toBeCloseTo(forMs / factor, -1);
      expect(faster.get(name)?.keepFiringForMs, name).toBeCloseTo(keepFiringForMs / factor, -1);
      expect(faster.get(name)?.signals.length, name).toBe(signals.length);
    }
  });
});

test('Prometheus takes what was made at random, as written and scaled', async () => {
  await using folder = await temporaryFolder();
  mkdirSync(join(folder.path, 'rules'));
  const pairs = expressions(10, false);
  for (const [name, texts] of [
    ['written', pairs.map(({ written }) => written)],
    ['scaled', pairs.map(({ scaled }) => scaled)],
  ] as const) {
    const file = join(folder.path, `${name}.yml`);
    writeFileSync(file, fileOf(texts, 'literal'));
    const { code, output } = await run(findTool('promtool'), ['check', 'rules', '--lint=none', file]);
    expect(code, output.slice(0, 3000)).toBe(0);
  }
});

/** How YAML may write an expression; each on lines of its own where it has line breaks. */
const STYLES: Readonly<Record<string, (text: string) => string>> = {
  literal: (text) => `|-\n          ${text.replaceAll('\n', '\n          ')}`,
  'double quotes': (text) => JSON.stringify(text),
  'single quotes': (text) => `'${text.replaceAll("'", "''").replaceAll('\n', '\n\n          ')}'`,
  folded: (text) => `>-\n          ${text.replaceAll('\n', '\n\n          ')}`,
};

function fileOf(texts: readonly string[], style: string): string {
  const rules = texts.map(
    (text, index) => `      # Over [5m], for 2m.
      - record: "made${index}:rate5m" # 5m
        expr: ${STYLES[style]?.(text)}
        labels: { window: 5m, n: "${index}" }
`,
  );
  return `groups:\n  - name: made\n    rules:\n${rules.join('')}`;
}

function rulesOf(file: string): unknown {
  return parse(file).groups[0].rules;
}

/** A file without its numbers and durations, which may differ, and with all else, which may not. */
function skeleton(file: string): string {
  return file.replaceAll(/\(?[\d.]+(?:ms|[dhms])?(?:[\d.]+(?:ms|[dhms]))*(?: \* 2\))?/g, '#');
}
