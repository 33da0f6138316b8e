/** Starts a Node program of ours that outlives the command which starts it: supervisor, guardian, director of a game day. */
import { execa } from 'execa';
import type { LabPaths } from '../settings/paths.ts';
import { withAppendStream } from './output-file.ts';

export interface Detached {
  pid: number | undefined;
  /** True once it has ended, however that came about. */
  gone: boolean;
}

export interface DetachedProgram {
  /** Path of the TypeScript file. */
  program: string;
  /** For Node, before the program. */
  flags?: readonly string[];
  /** Variables over those of this process. */
  env?: Readonly<Record<string, string>>;
  /** File to which both outputs are appended. */
  output: string;
}

/** Returns once it is spawned; that it does its work is for the caller to see. Never throws for how it ends. */
export async function startDetached(
  paths: LabPaths,
  { program, flags = [], env = {}, output }: DetachedProgram,
): Promise<Detached> {
  return withAppendStream(output, (stream) => {
    const child = execa(process.execPath, [...flags, program], {
      cwd: paths.root,
      env,
      stdin: 'ignore',
      stdout: stream,
      stderr: stream,
      buffer: false,
      // A session of its own: neither Ctrl-C in the terminal nor the end of whoever started it reaches it.
      detached: true,
      cleanup: false,
      reject: false,
    });
    const running: Detached = { pid: child.pid, gone: false };
    const ended = () => {
      running.gone = true;
    };
    child.then(ended, ended);
    return running;
  });
}
