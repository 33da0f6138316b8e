/**
 * Experiments on the lab that the specs share, as `make chaos` runs them: the control, a kill, a fault, a lock on the database; and a run
 * that is killed itself. Times are reported, not asserted: limits are three times what is promised.
 */
import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@lab/testing';
import { expect, test } from '@playwright/test';

const EXPERIMENTS = ['control', 'api-killed', 'jobs-failing', 'table-lock'];
/** Faster, and the restart of a busy machine's API would last longer than `for` waits. */
const SPEED = '10';

const folder = process.env['LAB_DIR'] ?? '';
const env: NodeJS.ProcessEnv = { ...process.env, MODE: 'lite', NO_COLOR: '1' };
delete env['FORCE_COLOR'];

function lab(...args: string[]): Promise<{ status: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { cwd: folder, env, maxBuffer: 16 * 1024 * 1024 };
    execFile(process.execPath, ['lab/src/main.ts', ...args], options, (error, stdout, stderr) => {
      resolve({ status: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

/** The note by which a run is undone; undefined: there is none. */
async function note(): Promise<
  { owner: { pid: number }; experiments: { rollbacks: unknown[] }[] } | undefined
> {
  const text = await readFile(join(folder, '.lab', 'run', 'chaos.json'), 'utf8').catch(() => undefined);
  return text === undefined ? undefined : JSON.parse(text);
}

/** The scrape interval that Prometheus has in force: 5 s as written, 1 s in a run. */
async function scrapeInterval(): Promise<string | undefined> {
  const response = await fetch(`${process.env['PROMETHEUS_URL']}/api/v1/status/config`);
  const { data } = (await response.json()) as { data: { yaml: string } };
  return /scrape_interval: (\S+)/.exec(data.yaml)?.[1];
}

test('a wrong name is one line and changes nothing', async () => {
  const { status, stderr } = await lab('chaos', '--experiment', 'api-erors');
  expect(status).toBe(2);
  expect(stderr.trim().split('\n')).toEqual(['unknown experiment "api-erors": did you mean api-errors?']);
});

test('what is broken on purpose fires, arrives, resolves, and nothing is lost', async () => {
  test.setTimeout(400_000);
  const { status, stdout, stderr } = await lab(
    'chaos',
    '--experiment',
    EXPERIMENTS.join(','),
    '--speed',
    SPEED,
    '--patience',
    '3',
  );
  console.log(stdout);
  expect(stderr, 'the proof table tells which promise was broken').not.toContain('broken:');
  expect(status).toBe(0);
  for (const row of ['control', 'TableLocked', 'JobsFailing']) expect(stdout).toContain(row);
  const report = /report: (\S+)/.exec(stdout)?.[1] ?? '';
  expect(JSON.parse(await readFile(join(report, 'report.json'), 'utf8'))).toMatchObject({
    summary: { experiments: EXPERIMENTS.length, falseAlarms: 0, broken: [] },
  });
  expect(await readFile(join(report, 'report.html'), 'utf8')).toContain('<svg role="img"');
  expect(await scrapeInterval()).toBe('5s');
  const page = await fetch(`${process.env['CONSOLE_URL']}/api/experiments`);
  const { items } = (await page.json()) as { items: { name: string; verdict: string }[] };
  for (const name of EXPERIMENTS)
    expect(items.find((each) => each.name === name)).toMatchObject({ verdict: 'kept' });
});

test('a run that is killed leaves a healed lab behind within a minute', async () => {
  test.setTimeout(240_000);
  const run = spawn(process.execPath, ['lab/src/main.ts', 'chaos', '--experiment', 'worker-stopped'], {
    cwd: folder,
    env,
    stdio: 'ignore',
  });
  try {
    const begun = await eventually(
      'the method to begin',
      async () => {
        const state = await note();
        return state?.experiments.some(({ rollbacks }) => rollbacks.length > 0) ? state : undefined;
      },
      { deadlineMs: 150_000 },
    );
    process.kill(begun.owner.pid, 'SIGKILL');
  } finally {
    run.kill('SIGKILL');
  }
  await eventually('the guardian to undo it', async () => (await note()) === undefined, {
    deadlineMs: 60_000,
  });
  await eventually('every part to be ready', async () => (await lab('status')).status === 0, {
    deadlineMs: 60_000,
    everyMs: 500,
  });
  expect(await scrapeInterval()).toBe('5s');
});
