import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Manifest, readManifest } from '@lab/manifest';
import { alertsPage } from './alerts/alerts-page.ts';
import { readCatalogue } from './alerts/catalogue.ts';
import { downTestsFile } from './parts/down-alerts.ts';
import { isGenerated } from './parts/generated.ts';
import { partsFile } from './parts/parts-file.ts';
import { composeTargetFiles, isSwitched } from './parts/targets.ts';
import { files, ROOT, read } from './repository.ts';
import { readRules } from './rules.ts';
import { readObjectives } from './slo/objectives.ts';
import { budgetRulesFile, objectiveRulesFile } from './slo/rules-file.ts';

/**
 * Writes every generated file of rules, targets and their documents; with `--check` compares instead and exits 1 when one is out of
 * date. `generatedFiles` is what both, and the test, go by.
 */
export function generatedFiles(): ReadonlyMap<string, string> {
  const objectives = readObjectives();
  const objectiveRules = objectiveRulesFile(objectives);
  // Its own output is taken from memory: after a change of slo.yaml the file on disk is still the old one.
  const rules = new Map(readRules()).set('slo.yml', objectiveRules);
  return new Map([
    ...filesOfParts(readManifest(ROOT)),
    ['prometheus/rules/slo.yml', objectiveRules],
    ['prometheus/rules/slo-budget.yml', budgetRulesFile(objectives)],
    ['docs/alerts.md', alertsPage(rules, readCatalogue(), objectives)],
  ]);
}

/** What follows from the manifest: rules and their tests, targets, and the console's list. The parts are those that a lab always has. */
export function filesOfParts(manifest: Manifest): Map<string, string> {
  const always = manifest.parts.filter((part) => !isSwitched(part)).map(({ name }) => name);
  const below = (folder: string, made: ReadonlyMap<string, string>) =>
    [...made].map(([name, text]): [string, string] => [`${folder}/${name}`, text]);
  return new Map([
    ...below('prometheus/rules', readRules(manifest)),
    ['prometheus/tests/parts.test.yml', downTestsFile(manifest)],
    ...below('prometheus/targets', composeTargetFiles(manifest)),
    ['prometheus/parts.json', partsFile(manifest, { present: always, scraped: always })],
  ]);
}

/** Paths whose committed text differs from what would be generated now, and generated ones that nothing asks for any more. */
export function outdatedFiles(): string[] {
  const made = generatedFiles();
  const there = files('prometheus/{targets,rules,tests}/**/*.{yml,json}');
  const left = there.filter((path) => !made.has(path) && isGenerated(read(path)));
  return [...[...made].filter(([path, text]) => current(path) !== text).map(([path]) => path), ...left];
}

function current(path: string): string | undefined {
  try {
    return read(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

if (import.meta.main) {
  const outdated = outdatedFiles();
  if (process.argv.includes('--check')) {
    for (const path of outdated)
      console.error(`${path} is out of date: run npm run generate -w @lab/prometheus`);
    if (outdated.length > 0) process.exitCode = 1;
  } else {
    const made = generatedFiles();
    for (const path of outdated) {
      const text = made.get(path);
      if (text === undefined) rmSync(join(ROOT, path));
      else {
        mkdirSync(dirname(join(ROOT, path)), { recursive: true });
        writeFileSync(join(ROOT, path), text);
      }
      console.log(`${text === undefined ? 'removed' : 'wrote'} ${path}`);
    }
  }
}
