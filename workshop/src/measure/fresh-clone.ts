/** How long `make up` takes where nothing is there yet: a clone, on ports of its own. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '@lab/cli';
import { readManifest } from '@lab/manifest';
import { freePorts } from '../free-port.ts';

/** Seconds of the first `make up` in a fresh clone: dependencies, tools, pages, cluster, all of it. */
export async function freshUpSeconds(root: string): Promise<number> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-fresh-'));
  const clone = join(folder, 'lab');
  try {
    await runCommand('git', ['clone', '--quiet', root, clone]);
    const env = { LAB_STATE_DIR: '', LAB_TOOLS_DIR: '', ...(await ownPorts()) };
    const began = performance.now();
    try {
      await runCommand('make', ['up'], { cwd: clone, env, timeoutMs: 600_000 });
      return (performance.now() - began) / 1000;
    } finally {
      await runCommand('make', ['clean'], { cwd: clone, env, timeoutMs: 120_000 });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A free port for each of the lab's, as variables. */
export async function ownPorts(): Promise<Record<string, string>> {
  const { ports } = readManifest();
  const free = await freePorts(ports.length);
  return Object.fromEntries(ports.map(({ variable }, index) => [variable, String(free[index])]));
}
