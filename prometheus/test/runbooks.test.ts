import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCatalogue } from '@lab/prometheus';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { UNREHEARSED } from '../src/alerts/catalogue.ts';
import { GENERAL_RUNBOOK } from '../src/parts/down-alerts.ts';
import { fencedBlocks, runbookQueries } from '../src/queries.ts';
import { files, ROOT, read } from '../src/repository.ts';
import { findTool } from '../src/tools/find-tool.ts';
import { run } from './support/run.ts';

const SECTIONS = ['Meaning', 'Impact', 'Confirm', 'Likely causes', 'Mitigation', 'Escalate', 'Rehearse'];
/** The general runbook is that of the alerts that the catalogue does not name. */
const catalogue = new Map([
  ...readCatalogue(),
  [GENERAL_RUNBOOK, { rationale: '', unrehearsed: UNREHEARSED }] as const,
]);

describe.each(files('docs/runbooks/*.md'))('%s', (path) => {
  const alert = path.slice('docs/runbooks/'.length, -'.md'.length);
  const text = read(path);
  const section = (name: string) => text.split(`\n## ${name}\n`)[1]?.split('\n## ')[0]?.trim() ?? '';

  test('has its sections, in order, none of them empty', () => {
    expect([...text.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual(SECTIONS);
    expect(SECTIONS.filter((name) => section(name).length < 5)).toEqual([]);
    expect(text.startsWith(`# ${alert}\n`)).toBe(true);
  });

  test('gives a query to confirm with, and causes in order', () => {
    expect(fencedBlocks(section('Confirm'), 'promql').length).toBeGreaterThan(0);
    expect(section('Likely causes')).toMatch(/^1\. \*\*/);
    expect(section('Mitigation')).toMatch(/^- /);
  });

  test('names the experiment of the catalogue, or says that there is none', () => {
    const entry = catalogue.get(alert);
    const expected =
      entry === undefined
        ? ''
        : 'experiment' in entry
          ? `make chaos EXPERIMENT=${entry.experiment}`
          : entry.unrehearsed;
    expect(expected).not.toBe('');
    expect(section('Rehearse')).toContain(expected);
  });

  test('links to runbooks that exist', () => {
    const broken = [...text.matchAll(/\]\((\w+\.md)\)/g)].filter(
      ([, link = '']) => !existsSync(join(ROOT, 'docs/runbooks', link)),
    );
    expect(broken.map((match) => match[1])).toEqual([]);
  });

  test('searches logs in words that the console and Kibana both understand', () => {
    for (const query of fencedBlocks(text, 'kql')) {
      // Conditions joined by AND (which only the console would let one leave out): field:value, field>number, words, phrases.
      for (const condition of query.split(' AND ')) {
        expect(condition).toMatch(/^(?:[\w.]+(?::|>=?|<=?)(?:"[^"]*"|[\w*/.-]+)|"[^"]*"|[\w-]+)$/);
      }
    }
  });
});

test('Prometheus itself can parse every query of every runbook', async () => {
  await using folder = await temporaryFolder();
  const rules = runbookQueries().map(({ promql }, index) => ({ record: `query:${index}`, expr: promql }));
  const path = join(folder.path, 'queries.yml');
  writeFileSync(path, stringify({ groups: [{ name: 'queries', rules }] }));

  const { code, output } = await run(findTool('promtool'), ['check', 'rules', path]);

  expect(code, output).toBe(0);
  expect(output).toContain(`${rules.length} rules found`);
});
