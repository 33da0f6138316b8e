/** How long experiments take on a lab that has just started: a lab of its own beside the checkout's, without any data. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LabPaths, runCommand } from '@lab/cli';
import { ownPorts } from './fresh-clone.ts';

/** Longer than any suite. */
const TIMEOUT_MS = 60 * 60_000;

export interface FreshRun {
  /** Of `make up` and `make chaos` together. */
  seconds: number;
  /** Of `make chaos`. */
  chaosSeconds: number;
}

/**
 * Starts a lab in lite mode, runs `make chaos` with these variables, and removes the lab.
 * @throws Error where it does not start, or a promise is broken.
 */
export async function freshRun(
  { root, tools }: Pick<LabPaths, 'root' | 'tools'>,
  variables: readonly string[],
  signal: AbortSignal,
): Promise<FreshRun> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-experiments-'));
  const env = { LAB_STATE_DIR: folder, LAB_TOOLS_DIR: tools, MODE: 'lite', ...(await ownPorts()) };
  const make = (args: readonly string[], bounded?: AbortSignal) =>
    runCommand('make', args, {
      cwd: root,
      env,
      timeoutMs: TIMEOUT_MS,
      ...(bounded ? { signal: bounded } : {}),
    });
  const began = performance.now();
  try {
    await make(['up'], signal);
    const up = performance.now();
    await make(['chaos', ...variables], signal);
    const ended = performance.now();
    return { seconds: (ended - began) / 1000, chaosSeconds: (ended - up) / 1000 };
  } finally {
    await make(['clean']);
    await rm(folder, { recursive: true, force: true });
  }
}
