import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findTool, readAlerts } from '@lab/prometheus';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { CannotRun } from '../../src/cli/failure.ts';
import { readRouting, routesOf } from '../../src/rehearsal/alertmanager/configuration.ts';

const OWN = join(import.meta.dirname, '../../../alertmanager/alertmanager.yml');

/** Everything that a tree of routes can do, in one. */
const TREE = `route:
  receiver: root
  group_by: [alertname]
  routes:
    - receiver: first
      matchers: ['team=~"(?i)shop|cart"', severity!="info"]
      continue: true
      routes:
        - { receiver: first-critical, match: { severity: critical } }
        - { receiver: first-api, match_re: { job: 'api-.+' } }
    - matchers: ['{team="cart",job!~"batch.*"}']
      receiver: second
    - receiver: quoted
      matchers: ['note="a,b=\\"c\\""']
    - receiver: absent
      matchers: ['team=""', 'job="api-1"']
receivers:
  - name: root
  - name: first
  - name: first-critical
  - name: first-api
  - name: second
  - name: quoted
  - name: absent
`;

const ALERTS: readonly Record<string, string>[] = [
  {},
  { team: 'other', severity: 'critical' },
  { team: 'shop' },
  { team: 'shop', severity: 'info' },
  { team: 'CART', severity: 'critical' },
  { team: 'CART', job: 'api-1' },
  { team: 'cart', severity: 'critical', job: 'api-1' },
  { team: 'cart', severity: 'critical', job: 'batch-1' },
  { team: 'cart', severity: 'info', job: 'batch-1' },
  { team: 'cart', severity: 'info' },
  { note: 'a,b="c"' },
  { note: 'a' },
  { job: 'api-1' },
  { job: 'api-1', team: 'other' },
];

async function amtoolSays(file: string, labels: Readonly<Record<string, string>>): Promise<string[]> {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  const { stdout } = await promisify(execFile)(findTool('amtool'), [
    'config',
    'routes',
    'test',
    `--config.file=${file}`,
    ...pairs,
  ]);
  return stdout.trim().split(',').sort();
}

function weSay(text: string, labels: Readonly<Record<string, string>>): string[] {
  const taken = routesOf(readRouting(text).root, labels).map(({ receiver }) => receiver);
  return [...new Set(taken)].sort();
}

describe('routing', () => {
  test('is what amtool says, through a tree of routes', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'alertmanager.yml');
    await writeFile(file, TREE);
    for (const labels of ALERTS)
      expect([labels, weSay(TREE, labels)]).toEqual([labels, await amtoolSays(file, labels)]);
  });

  test('is what amtool says of our alerts, one of each severity, and of what comes from staging', async () => {
    const text = await readFile(OWN, 'utf8');
    const alerts = new Map(
      readAlerts().map(({ name, severity }) => [severity, { alertname: name, severity }]),
    );
    const watchdog = { alertname: 'Watchdog', severity: 'info' };
    const staging = { alertname: 'HighErrorRate', severity: 'critical', environment: 'staging' };
    for (const labels of [...alerts.values(), watchdog, staging])
      expect([labels, weSay(text, labels)]).toEqual([labels, await amtoolSays(OWN, labels)]);
  });

  test('refuses a file without a route, a matcher that is none and a pattern that cannot be read', () => {
    const routed = (matcher: string) => `route: { receiver: a, routes: [{ matchers: ['${matcher}'] }] }`;
    expect(() => readRouting('receivers: []')).toThrow(CannotRun);
    expect(() => readRouting(routed('severity'))).toThrow(/expected a matcher such as/);
    expect(() => readRouting(routed('severity=~"("'))).toThrow(/pattern .* cannot be read/);
  });
});
