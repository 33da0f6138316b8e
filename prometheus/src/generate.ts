import { readFileSync, writeFileSync } from 'node:fs';
import { alertsPage } from './alerts/alerts-page.ts';
import { readCatalogue } from './alerts/catalogue.ts';
import { alertsOf, readAlerts } from './alerts/read-alerts.ts';
import { readObjectives } from './slo/objectives.ts';
import { budgetRulesFile, objectiveRulesFile } from './slo/rules-file.ts';

/**
 * Writes every generated file of rules and their documents; with `--check` compares instead and exits 1 when one is out of date.
 * `generatedFiles` is what both, and the test, go by.
 */
export function generatedFiles(): ReadonlyMap<string, string> {
  const objectives = readObjectives();
  const objectiveRules = objectiveRulesFile(objectives);
  // Its own output is taken from memory: after a change of slo.yaml the file on disk is still the old one.
  const alerts = [
    ...alertsOf('slo.yml', objectiveRules),
    ...readAlerts().filter(({ file }) => file !== 'slo.yml'),
  ];
  return new Map([
    ['prometheus/rules/slo.yml', objectiveRules],
    ['prometheus/rules/slo-budget.yml', budgetRulesFile(objectives)],
    ['docs/alerts.md', alertsPage(alerts, readCatalogue(), objectives)],
  ]);
}

function root(path: string): URL {
  return new URL(`../../${path}`, import.meta.url);
}

/** Paths whose committed text differs from what would be generated now. */
export function outdatedFiles(): string[] {
  return [...generatedFiles()].filter(([path, text]) => current(path) !== text).map(([path]) => path);
}

function current(path: string): string | undefined {
  try {
    return readFileSync(root(path), 'utf8');
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
    for (const path of outdated) writeFileSync(root(path), generatedFiles().get(path) ?? '');
    for (const path of outdated) console.log(`wrote ${path}`);
  }
}
