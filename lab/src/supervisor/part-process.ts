/** One running process of a part: spawned by this supervisor, or adopted from one that was killed. */
import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { execa } from 'execa';
import { identityOf, isRunning, type ProcessIdentity } from '../process/process-table.ts';
import { withAppendStream } from './output-file.ts';
import type { PartCommand } from './part.ts';

export interface PartProcess extends ProcessIdentity {
  adopted: boolean;
  /** Resolves when the process is gone, with how it ended in words. Never rejects. */
  ended: Promise<string>;
}

/** How often an adopted process, which is nobody's child any more, is looked at. */
const ADOPTED_LOOK_MS = 200;

/** Tells commands apart without keeping the secrets in their environment. */
export function fingerprint(command: PartCommand): string {
  return createHash('sha256').update(JSON.stringify(command)).digest('hex').slice(0, 16);
}

/**
 * Starts the command as leader of a session of its own, its output appended to `output`.
 * @throws Error where it cannot be started at all.
 */
export async function spawnPart(command: PartCommand, output: string): Promise<PartProcess> {
  const child = await withAppendStream(output, (stream) => {
    const subprocess = execa(command.command, command.args, {
      cwd: command.cwd,
      env: command.env,
      extendEnv: false,
      ...(command.uid === undefined ? {} : { uid: command.uid }),
      ...(command.gid === undefined ? {} : { gid: command.gid }),
      stdin: 'ignore',
      stdout: stream,
      stderr: stream,
      buffer: false,
      // A session of its own: closing the terminal reaches no part.
      detached: true,
      // It outlives a supervisor that dies: the next one adopts it.
      cleanup: false,
      reject: false,
    });
    return { subprocess };
  });
  const ended = child.subprocess.then((result) =>
    result.signal ? `ended by ${result.signal}` : `exited with ${result.exitCode ?? result.originalMessage}`,
  );
  const { pid } = child.subprocess;
  if (pid === undefined)
    throw new Error(`${command.command} could not be started: ${(await child.subprocess).message}`);
  // A process that has ended is a zombie until Node takes note, which it cannot do before this line.
  return { ...identityOf(pid), adopted: false, ended };
}

/** Takes over a process that an earlier supervisor started. */
export function adoptPart(identity: ProcessIdentity): PartProcess {
  async function watch(): Promise<string> {
    while (isRunning(identity)) await pause(ADOPTED_LOOK_MS);
    return 'ended (how is not known: it was adopted)';
  }
  return { pid: identity.pid, startedAt: identity.startedAt, adopted: true, ended: watch() };
}
