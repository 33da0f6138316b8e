import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDuration, readAlerts } from '@lab/prometheus';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { ROOT, read } from '../../src/repository.ts';
import { readRuleTests, ruleTestFiles } from '../../src/rule-tests/read-rule-tests.ts';
import { findTool } from '../../src/tools/find-tool.ts';
import { run } from '../support/run.ts';

const CONFIGURATION = join(ROOT, 'alertmanager/alertmanager.yml');
const RECEIVERS: Readonly<Record<string, string>> = {
  critical: 'slack-critical',
  warning: 'slack-alerts',
  info: 'slack-alerts',
};

/** Labels of each alert, as its rule tests expect them. */
const labels = new Map(
  ruleTestFiles()
    .flatMap((path) => readRuleTests(path).tests)
    .flatMap(({ alert_rule_test }) => alert_rule_test ?? [])
    .flatMap(({ alertname, exp_alerts }) =>
      exp_alerts.map(({ exp_labels }) => [alertname, exp_labels] as const),
    ),
);

describe('routes', () => {
  test.each([...labels])('%s reaches its channel', async (alertname, own) => {
    const receiver = alertname === 'Watchdog' ? 'dead-mans-switch' : RECEIVERS[own['severity'] ?? ''];
    const { code, output } = await route({ alertname, ...own });
    expect(code, output).toBe(0);
    expect(firstLine(output)).toBe(receiver);
  });

  test('an alert whose message goes to what is down outlives one interval of tries, or nobody ever hears of it', () => {
    const { route: top } = parse(read('alertmanager/alertmanager.yml')) as {
      route: { group_interval: string };
    };
    const kept = readAlerts().find(({ name }) => name === 'ConsoleDown')?.keepFiringFor ?? '0s';
    expect(parseDuration(kept)).toBeGreaterThanOrEqual(parseDuration(top.group_interval));
  });

  test('every alert was routed', () => {
    expect([...labels.keys()].sort()).toEqual(
      readAlerts()
        .map(({ name }) => name)
        .sort(),
    );
  });

  test('what is unknown reaches #alerts, what comes from staging too, even when critical', async () => {
    expect(firstLine((await route({ alertname: 'Unheard' })).output)).toBe('slack-alerts');
    expect(
      firstLine((await route({ alertname: 'Unheard', severity: 'critical', environment: 'staging' })).output),
    ).toBe('slack-alerts');
  });
});

describe('the configuration', () => {
  const text = read('alertmanager/alertmanager.yml');

  test('names in its inhibitions only alerts that exist', () => {
    const { inhibit_rules } = parse(text, { merge: true }) as {
      inhibit_rules: { source_matchers: string[]; target_matchers: string[] }[];
    };
    const names = readAlerts().map(({ name }) => name);
    const matchers = inhibit_rules.flatMap(({ source_matchers, target_matchers }) => [
      ...source_matchers,
      ...target_matchers,
    ]);
    for (const matcher of matchers.filter((each) => each.startsWith('alertname'))) {
      const [, pattern = ''] = /^alertname(?:=~|!~|!=|=)"(.*)"$/.exec(matcher) ?? [];
      for (const part of pattern.split('|')) {
        expect(
          names.filter((name) => new RegExp(`^(?:${part})$`).test(name)),
          matcher,
        ).not.toEqual([]);
      }
    }
  });

  test.each(['email', 'pagerduty'])('the %s example holds when it is uncommented', async (name) => {
    await using folder = await temporaryFolder();
    const example = new RegExp(`^#@ ${name}\\n((?:# .*\\n)+)`, 'm').exec(text)?.[1];
    if (example === undefined) throw new Error(`no example ${name}`);
    const file = join(folder.path, 'alertmanager.yml');
    const templates = join(ROOT, 'alertmanager/templates/*.tmpl');
    writeFileSync(
      file,
      text.replace(example, example.replaceAll(/^#/gm, '')).replace('templates/*.tmpl', templates),
    );

    const { code, output } = await run(findTool('amtool'), ['check-config', file]);

    expect(code, output).toBe(0);
    expect(output).toContain('4 receivers');
  });
});

function route(own: Record<string, string>) {
  const matchers = Object.entries(own).map(([name, value]) => `${name}=${value}`);
  return run(findTool('amtool'), ['config', 'routes', 'test', `--config.file=${CONFIGURATION}`, ...matchers]);
}

/** A warning of amtool's about its own flags may follow. */
function firstLine(output: string): string {
  return output.split('\n')[0] ?? '';
}
