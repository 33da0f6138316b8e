/**
 * What `make chaos` owes a lab that others go on using: a wrong name changes nothing, a run that is killed is undone. The experiments
 * themselves need a steady state that specs before them do not leave: they run on a lab of their own (testing/src/e2e/experiments.ts).
 */
import { execFile, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from '@lab/testing';
import { expect, test } from '@playwright/test';

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
