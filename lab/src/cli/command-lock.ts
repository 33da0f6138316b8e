/** Commands that change the lab do so one at a time. */
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isRunning, ownIdentity } from '../process/process-table.ts';
import { makePrivateFolder } from '../settings/private-folder.ts';
import { CannotRun } from './failure.ts';

/**
 * Takes the lab's lock until disposed of. One whose holder is gone (kill -9) is taken over.
 * @throws CannotRun naming the command that holds it.
 */
export async function takeLock(runFolder: string, command: string): Promise<AsyncDisposable> {
  await makePrivateFolder(runFolder);
  const file = join(runFolder, 'command.lock');
  const note = JSON.stringify({ ...ownIdentity(), command });
  for (let attempt = 0; ; attempt += 1) {
    if (await claim(file, note)) return { [Symbol.asyncDispose]: () => release(file, note) };
    const holder = parse(await readFile(file, 'utf8').catch(() => ''));
    if (holder && isRunning(holder))
      throw new CannotRun(
        `\`lab ${holder.command}\` (pid ${holder.pid}) is at work on this lab: wait for it, or end it`,
      );
    if (attempt > 0) throw new CannotRun(`${file} cannot be taken: delete it`);
    await rm(file, { force: true });
  }
}

/** A link appears whole or not at all, so nobody reads a lock that is being written. */
async function claim(file: string, note: string): Promise<boolean> {
  const draft = `${file}.${process.pid}`;
  await writeFile(draft, note, { mode: 0o600 });
  try {
    await link(draft, file);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

/** Only what is still ours: `clean` removes the folder, and somebody may have started anew since. */
async function release(file: string, note: string): Promise<void> {
  if ((await readFile(file, 'utf8').catch(() => '')) === note) await rm(file, { force: true });
}

function parse(text: string): { pid: number; startedAt: string; command: string } | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null) return undefined;
    const { pid, startedAt, command } = value as Record<string, unknown>;
    if (typeof pid !== 'number' || typeof startedAt !== 'string') return undefined;
    return { pid, startedAt, command: String(command) };
  } catch {
    // Not written by us: nobody we know holds it.
    return undefined;
  }
}
