import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readManifest } from '@lab/manifest';
import { RuleBook, readAlertRules, readRules } from '@lab/prometheus';
import { describe, expect, test } from 'vitest';
import { readWrittenCatalogue } from '../src/alerts/catalogue.ts';
import { outdatedFiles } from '../src/generate.ts';
import { CONSOLE_URL, dashboardUrl, runbookUrl } from '../src/links.ts';
import { downAlerts, GENERAL_RUNBOOK } from '../src/parts/down-alerts.ts';
import { files, ROOT } from '../src/repository.ts';
import { alertCoverage } from '../src/rule-tests/coverage.ts';
import { statedThreshold } from './support/stated-threshold.ts';

const rules = readRules();
const alerts = readAlertRules(rules);
const book = new RuleBook(rules);
const catalogue = readWrittenCatalogue();
/** Parts of the lab itself: their Down alerts have an entry and a runbook each, as every alert that is written by hand. */
const OWN_PARTS = [
  'web',
  'api',
  'worker',
  'console',
  'toxiproxy',
  'postgres-exporter',
  'blackbox-exporter',
  'alertmanager',
  'fluentd',
  'jaeger',
  'grafana',
  'node-exporter',
  'cadvisor',
];
const foreign = downAlerts(readManifest(ROOT))
  .filter(({ part }) => !OWN_PARTS.includes(part.name))
  .map(({ name }) => name);
const own = alerts.filter(({ name }) => !foreign.includes(name));

describe('every alert', () => {
  test('has a name of its own', () => {
    const names = alerts.map(({ name }) => name);
    expect(names).toEqual([...new Set(names)]);
  });

  test.each(own.map((alert) => [alert.name, alert] as const))('%s is complete', (name, alert) => {
    expect(alert.severity).toMatch(/^(critical|warning|info)$/);
    expect(alert.summary).not.toBe('');
    expect(alert.runbookUrl).toBe(runbookUrl(name));
    expect(alert.dashboardUrl.startsWith(`${CONSOLE_URL}/dashboards/`)).toBe(true);
    expect(existsSync(join(ROOT, `docs/runbooks/${name}.md`)), `docs/runbooks/${name}.md`).toBe(true);
    expect(catalogue.has(name), `${name} in prometheus/alerts.yaml`).toBe(true);
    expect(alert.description).toMatch(/\{\{.*\$value|up is 0/);
    expect(alert.description).toContain('threshold');
  });

  test.each(alerts.map((alert) => [alert.name, alert] as const))(
    '%s says the numbers of its own rule',
    (_, alert) => {
      for (const [, duration] of alert.description.matchAll(/, for (\w+)[;)]/g))
        expect(duration).toBe(alert.for);
      for (const [, range] of alert.description.matchAll(/over the last (\w+)/g)) {
        const read = alert.leaves.flatMap((leaf) =>
          leaf.kind === 'presence' ? [leaf.promql] : [leaf.signal, leaf.threshold.promql],
        );
        expect(read.flatMap((promql) => book.windowsOf(promql))).toContain(range);
      }
      const value = statedThreshold(alert.description);
      if (value === undefined) return;
      const numbers = alert.leaves.flatMap((leaf) =>
        leaf.kind === 'presence' ? [] : [leaf.threshold.value],
      );
      // "up is 0, threshold 1" reads better than "threshold 0": a value that is 0 or 1.
      expect(numbers.includes(0) && value === 1 ? [1] : numbers).toContain(value);
    },
  );

  test.each(alerts.map(({ name }) => name))(
    '%s has its rule tests: too early, firing, resolved, just below, without traffic',
    (name) => {
      expect(alertCoverage(name)).toEqual(
        name === 'Watchdog' ? ['fires'] : ['fires', 'resolves', 'too early', 'silent'],
      );
    },
  );
});

test('the catalogue and the runbooks name no alert that does not exist', () => {
  const names = own.map(({ name }) => name).sort();
  expect([...catalogue.keys()].sort()).toEqual(names);
  expect(files('docs/runbooks/*.md')).toEqual(
    [...names, GENERAL_RUNBOOK].sort().map((name) => `docs/runbooks/${name}.md`),
  );
});

test('dashboards are linked by the ids they will have', () => {
  const uids = [
    'application',
    'slo',
    'on-call',
    'database',
    'frontend',
    'nodejs',
    'worker',
    'logs',
    'lab-health',
  ];
  const linked = new Set(alerts.map((alert) => alert.dashboardUrl));
  expect([...linked].sort()).toEqual(uids.map(dashboardUrl).sort());
});

test('generated files are up to date', () => {
  expect(outdatedFiles(), 'run npm run generate -w @lab/prometheus').toEqual([]);
});
