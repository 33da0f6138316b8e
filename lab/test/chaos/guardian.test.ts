import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually, temporaryFolder } from '@lab/testing';
import { execa } from 'execa';
import { describe, expect, test } from 'vitest';
import { perform, undo } from '../../src/chaos/experiment/actions.ts';
import { healLeftovers } from '../../src/chaos/guardian/heal.ts';
import { type ChaosState, readState, stateFile, writeState } from '../../src/chaos/guardian/state.ts';
import type { Target } from '../../src/chaos/target/target.ts';
import { identityOf, isRunning, ownIdentity } from '../../src/process/process-table.ts';
import { ensureEnvironmentFile } from '../../src/settings/environment-file.ts';
import { labPaths } from '../../src/settings/paths.ts';
import { loadSettings } from '../../src/settings/settings.ts';

/** A lab that is not up, in a folder of its own. */
async function labFolder() {
  const folder = await temporaryFolder();
  const { path } = folder;
  // The test runner has a MODE of its own.
  const environment = { ...process.env, MODE: 'lite', LAB_STATE_DIR: join(path, '.lab') };
  const paths = labPaths(environment);
  await mkdir(paths.run, { recursive: true });
  await ensureEnvironmentFile(paths.environmentFile);
  const settings = await loadSettings(paths, environment);
  return { environment, paths, settings, [Symbol.asyncDispose]: () => folder[Symbol.asyncDispose]() };
}

const gone = { pid: 4_000_000, startedAt: 'never' };

function state(owner: ChaosState['owner']): ChaosState {
  return {
    id: 'a-run',
    kind: 'chaos',
    owner,
    deadline: new Date(Date.now() + 60_000).toISOString(),
    speed: 10,
    experiments: [
      {
        name: 'api-errors',
        startedAt: new Date().toISOString(),
        rollbacks: [{ undo: 'clear-faults', service: 'api' }],
      },
    ],
  };
}

describe('the note about a run', () => {
  test('reads back what was written', async () => {
    await using lab = await labFolder();
    const { paths } = lab;
    await writeState(paths.run, state(gone));
    expect(await readState(paths.run)).toMatchObject({ id: 'a-run', owner: gone, speed: 10 });
  });

  test('that is damaged is said to be, with what to do', async () => {
    await using lab = await labFolder();
    const { paths } = lab;
    await writeFile(stateFile(paths.run), '{"id":');
    await expect(readState(paths.run)).rejects.toThrow('is damaged: `make up` completes the lab');
  });
});

describe('the next command', () => {
  test('undoes what a dead run left', async () => {
    await using lab = await labFolder();
    const { paths, settings } = lab;
    await writeState(paths.run, state(gone));
    const said: string[] = [];
    await healLeftovers({ paths, settings, say: (line) => said.push(line) });
    expect(said[0]).toContain('an earlier experiment was cut off');
    expect(await readState(paths.run)).toBeUndefined();
  });

  test('refuses to begin beside a run that is going on, naming it', async () => {
    await using lab = await labFolder();
    const { paths, settings } = lab;
    await writeState(paths.run, state(ownIdentity()));
    await expect(healLeftovers({ paths, settings, say: () => undefined })).rejects.toThrow(
      `\`lab chaos\` (pid ${process.pid}) is at work on this lab`,
    );
    expect(await readState(paths.run)).toBeDefined();
  });
});

describe('the guardian', () => {
  const program = join(import.meta.dirname, '../../src/chaos/guardian/guardian-main.ts');
  const owner = join(import.meta.dirname, 'owner.ts');

  test('undoes the work of an owner that is killed, and ends', async () => {
    await using lab = await labFolder();
    const { environment, paths } = lab;
    const running = execa(process.execPath, [owner], { env: environment, reject: false });
    await eventually('a rollback to be entrusted', async () => {
      return ((await readState(paths.run))?.experiments.length ?? 0) > 0;
    });
    const guardian = identityOf(Number(await readFile(join(paths.run, 'chaos-guardian.pid'), 'utf8')));
    running.kill('SIGKILL');
    await running;
    await eventually('the note to be gone', async () => (await readState(paths.run)) === undefined);
    const log = await readFile(join(paths.logs, 'guardian.log'), 'utf8');
    expect(log).toContain('the owner is gone: undoing its work');
    await eventually('the guardian to end', () => !isRunning(guardian));
  });

  test('ends by itself where there is nothing to stand by for', async () => {
    await using lab = await labFolder();
    const { environment } = lab;
    const { exitCode } = await execa(process.execPath, [program], { env: environment });
    expect(exitCode).toBe(0);
  });
});

test('a folder of log files is left as it was found', async () => {
  await using folder = await temporaryFolder();
  const { path } = folder;
  await writeFile(join(path, 'taskmanager-api.log'), 'a line\n');
  await symlink('/var/log/shop.log', join(path, 'shop.log'));
  const target = { paths: { applicationLogs: path }, extraTraffic: new AbortController() } as Target;
  await perform({ do: 'broken-log-lines', perSecond: 50 }, target);
  await eventually('broken lines', async () => (await readdir(path)).includes('lab-chaos.log'));
  await undo({ undo: 'end-traffic' }, target);
  await perform({ do: 'lose-log-disk', service: 'api' }, target);
  await expect(readFile(join(path, 'taskmanager-api.log'))).rejects.toThrow('ENOENT');
  await undo({ undo: 'return-logs' }, target);
  await undo({ undo: 'return-logs' }, target);
  const left = await readdir(path);
  expect(left.filter((name) => name.startsWith('lab-chaos'))).toEqual([]);
  expect(left, 'the link of a person').toContain('shop.log');
  expect(left.filter((name) => name.startsWith('taskmanager-api.log.chaos-'))).toHaveLength(1);
});
