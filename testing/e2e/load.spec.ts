/** `make load` as a person runs it, on the lab that the specs share: a short one, by the engine that is at hand. */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { query } from '@lab/cli';
import type { LoadReport } from '@lab/cli/load';
import { eventually } from '@lab/testing';
import { expect, test } from '@playwright/test';

const labFolder = process.env['LAB_DIR'] ?? '';
const prometheusUrl = process.env['PROMETHEUS_URL'] ?? '';

/** Playwright colours what it starts; what is compared here is plain. */
const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1', MAKEFLAGS: '--no-print-directory' };
delete env['FORCE_COLOR'];

function makeLoad(variables: string): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    execFile('make', ['load', ...variables.split(' ')], { cwd: labFolder, env }, (error, stdout, stderr) =>
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}

test('a load enters through web, is counted alike by its report and by Prometheus, and can be removed', async () => {
  const { status, stdout, stderr } = await makeLoad('PROFILE=smoke DURATION=5s');
  // 1: a machine that is busy with other tests may break an objective; that it is judged is what is tested here.
  expect([0, 1], stderr).toContain(status);
  const [, page = ''] = /^report: (.*)$/m.exec(stdout) ?? [];
  const report = JSON.parse(await readFile(page.replace(/html$/, 'json'), 'utf8')) as LoadReport;
  expect(await readFile(page, 'utf8')).toContain(`Load test, profile smoke`);
  expect(report.requests.asked).toBe(50);
  expect(report.requests.sent).toBeGreaterThan(30);
  expect(report.objectives).toHaveLength(3);
  expect(report.broken.length > 0).toBe(status === 1);
  expect(report.visitor?.kind).toBe('browser');
  const { testId } = report;
  await eventually('Prometheus to have counted every request', async () => {
    const [sent] = await query(
      prometheusUrl,
      `sum(last_over_time(k6_http_reqs_total{testid="${testId}"}[5m]))`,
      AbortSignal.timeout(5_000),
    );
    return sent?.value === report.requests.sent;
  });

  const removed = await makeLoad('CLEAN=1');
  expect(removed.status, removed.stderr).toBe(0);
  expect(removed.stdout).toMatch(/removed [1-9]\d* accounts of @load.invalid with [1-9]\d* tasks/);
});

test('what cannot be asked for gets one line and status 2', async () => {
  for (const [variables, line] of [
    ['PROFILE=nope', 'unknown profile "nope"'],
    ['RATE=-5', 'RATE=-5: expected requests a second'],
    ['ENGINE=ab', 'ENGINE=ab: expected k6 or own'],
  ] as const) {
    const { status, stdout, stderr } = await makeLoad(variables);
    expect(status).toBe(2);
    expect(stdout).toBe('');
    expect(stderr.split('\n')[0]).toContain(line);
  }
});

test('a lab that is not up is said to be so', async () => {
  const elsewhere = { ...env, LAB_STATE_DIR: join(labFolder, '.lab', 'none') };
  const answer = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    execFile(
      process.execPath,
      ['lab/src/main.ts', 'load'],
      { cwd: labFolder, env: elsewhere },
      (error, _, stderr) => resolve({ code: error?.code, stderr }),
    );
  });
  expect(answer).toEqual({ code: 2, stderr: 'the lab is not up: run `make up` first\n' });
});
