import { stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { takeLock } from '../src/cli/command-lock.ts';

describe('the lock of a lab', () => {
  it('is held by one command at a time, and names it', async () => {
    await using folder = await temporaryFolder();
    const run = join(folder.path, 'run');
    {
      await using _lock = await takeLock(run, 'up');
      await expect(takeLock(run, 'down')).rejects.toThrow(
        `\`lab up\` (pid ${process.pid}) is at work on this lab`,
      );
    }
    await using _next = await takeLock(run, 'down');
  });

  it.each([
    ['of a command that is gone', JSON.stringify({ pid: process.pid, startedAt: 'long ago', command: 'up' })],
    ['that is no note of ours', 'garbage'],
  ])('%s is taken over', async (_, note) => {
    await using folder = await temporaryFolder();
    await writeFile(join(folder.path, 'command.lock'), note);
    await using _lock = await takeLock(folder.path, 'up');
  });

  it('closes the run folder to others, but not the lab around it, where Postgres has its data', async () => {
    await using folder = await temporaryFolder();
    const lab = join(folder.path, 'lab');
    await using _lock = await takeLock(join(lab, 'run'), 'up');
    expect((await stat(join(lab, 'run'))).mode & 0o777).toBe(0o700);
    expect((await stat(lab)).mode & 0o001).toBe(0o001);
  });
});
