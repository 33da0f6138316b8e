/** Trouble on the way of log lines in lite mode, in the folder where the services write and the console reads. */
import { appendFile, lstat, readdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';

/** More than the console follows at once (512). */
const FLOOD = 600;
/** The console looks into the folder several times a second; a busy machine has it look later. */
const DISCOVERED_MS = 2_000;
const MARK = 'lab-chaos';

/** @returns a file whose lines are no records, to append to. */
export function brokenLogFile(folder: string): string {
  return join(folder, `${MARK}.log`);
}

export async function appendBrokenLines(folder: string, count: number): Promise<void> {
  await appendFile(brokenLogFile(folder), '{"this line": is no record\n'.repeat(count));
}

/** Fills the folder with empty files, then rotates every service's file away: the new ones are one too many. */
export async function floodLogFolder(folder: string): Promise<void> {
  for (let number = 1; number <= FLOOD; number += 1)
    await writeFile(join(folder, `${MARK}.log.${number}`), '', { flag: 'a' });
  await pause(DISCOVERED_MS);
  const stamp = Date.now().toString(36);
  for (const name of await readdir(folder))
    if (/^[a-z-]+\.log$/.test(name) && !name.startsWith(MARK))
      await rename(join(folder, name), join(folder, `${name}.chaos-${stamp}`));
}

/** The service finds its file gone, and no place for a new one. */
export async function loseLogDisk(folder: string, serviceName: string): Promise<void> {
  const file = join(folder, `${serviceName}.log`);
  await rename(file, `${file}.chaos-${Date.now().toString(36)}`);
  await symlink(join(folder, `${MARK}-no-such-disk`, 'log'), file);
}

/** Undoes all of the above. */
export async function returnLogs(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    const ours = name.startsWith(`${MARK}.log`) || (await lstat(path)).isSymbolicLink();
    if (ours) await rm(path, { force: true });
  }
}
