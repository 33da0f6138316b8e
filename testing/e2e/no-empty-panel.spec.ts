/**
 * No empty panel, no dead rule: after a load test, every query of every dashboard, rule and runbook is run on the lab's Prometheus, and
 * every dashboard is drawn by the console. What may rightly be empty says in its source (grafana/src) what fills it.
 */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { checkDashboards, complaints, DASHBOARDS } from '@lab/grafana';
import { expect, test } from '@playwright/test';

const run = promisify(execFile);

function lab(name: 'LAB_DIR' | 'PROMETHEUS_URL' | 'CONSOLE_URL'): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`expected ${name} to name a part of a running lab`);
  return value;
}

/** A panel as the page shows it that has something to say in place of data. */
interface Shown {
  dashboard: string;
  panel: string | null;
  state: string | null;
}

// A lab just started has no error budget before the second minute, and rules are evaluated every five seconds.
test.describe.configure({ mode: 'serial', timeout: 240_000 });

test('after a load test every query is answered, and with data where data is due', async () => {
  const options = [
    '--profile',
    'smoke',
    '--rate',
    '20',
    '--duration',
    '12s',
    '--engine',
    'own',
    '--browser',
    'off',
  ];
  const { stdout } = await run(process.execPath, ['lab/src/main.ts', 'load', ...options], {
    cwd: lab('LAB_DIR'),
    timeout: 90_000,
  }).catch((error: Error & { stdout: string; stderr: string }) => {
    // A promise that a busy machine broke is the load test's verdict, not this one's.
    if (error.stdout.includes('report: ')) return error;
    throw error;
  });
  expect(stdout).toContain('report: ');

  let found: string[] = [];
  await expect(async () => {
    const verdict = await checkDashboards(lab('PROMETHEUS_URL'), DASHBOARDS, { loaded: true });
    found = complaints(verdict);
    expect(verdict.standsIn).toBe(true);
    expect(verdict.dashboards).toBe(DASHBOARDS.length);
    expect(verdict.queries).toBeGreaterThan(650);
    expect(found).toEqual([]);
  }, 'the gate').toPass({ timeout: 150_000, intervals: [5_000] });
});

test('the console draws every panel of every dashboard; an empty one says what would fill it', async ({
  page,
}) => {
  const empty: Shown[] = [];
  for (const { uid } of DASHBOARDS) {
    // High enough for every panel to come into view, which is when it asks.
    await page.setViewportSize({ width: 1440, height: 3_400 });
    await page.goto(`${lab('CONSOLE_URL')}/dashboards/${uid}?from=now-5m&to=now&refresh=off`);
    await expect(page.locator('[data-panel]').first()).toBeVisible();
    await expect(page.locator('.panel .state-loading, .panel-query[aria-busy="true"]')).toHaveCount(0);
    await expect(page.locator('.panel .state-error, .panel .panel-note-warning'), uid).toHaveCount(0);
    for (const panel of await page.locator('[data-panel]', { has: page.locator('.state') }).all()) {
      empty.push({
        dashboard: uid,
        panel: await panel.getByRole('heading').textContent(),
        state: await panel.locator('.state').textContent(),
      });
    }
  }
  const explained = /make chaos EXPERIMENT=|Only in (?:full|kubernetes) mode|Grafana shows this in full mode/;
  expect(empty.filter(({ state }) => !explained.test(state ?? ''))).toEqual([]);
});
