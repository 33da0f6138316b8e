/** A copy of this checkout to start a lab in: what git would clone plus what is not committed yet, on ports of its own. */
import { execFile } from 'node:child_process';
import { appendFile, cp, mkdir, readdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { readManifest } from '@lab/manifest';
import { claimPorts } from '../free-port.ts';
import { temporaryFolder } from '../temporary-folder.ts';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..', '..');

/** Names that tools which run meanwhile write beside the installed packages, and remove again. */
const CACHES = /^\.(cache|vite)/;

export interface CheckoutCopy extends AsyncDisposable {
  path: string;
}

export interface FreshCopy extends CheckoutCopy {
  /** A free one for each port of the manifest, by its name in `.env`. */
  ports: Record<string, number>;
}

/**
 * Copies the checkout to a temporary folder. Installed dependencies are hard-linked (seconds instead of a download);
 * downloaded tools are shared through LAB_TOOLS_DIR by whoever runs the copy.
 */
export async function copyCheckout(): Promise<CheckoutCopy> {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'lab');
  const { stdout } = await run('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    maxBuffer: 16 * 1024 * 1024,
  });
  for (const file of stdout.split('\0').filter(Boolean)) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await cp(join(root, file), join(path, file)).catch((error: NodeJS.ErrnoException) => {
      // Deleted in the work tree but not yet in git's index: a clone after the commit would not have it either.
      if (error.code !== 'ENOENT') throw error;
    });
  }
  const installed = join(root, 'node_modules');
  const entries = (await readdir(installed)).filter((name) => !CACHES.test(name));
  await mkdir(join(path, 'node_modules'));
  await run('cp', ['-al', ...entries, join(path, 'node_modules')], { cwd: installed });

  // Pages that were built from other sources are built again by the lab itself.
  for (const name of ['web', 'console'])
    await cp(join(root, 'services', name, 'dist'), join(path, 'services', name, 'dist'), {
      recursive: true,
    }).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
  return { path, [Symbol.asyncDispose]: folder[Symbol.asyncDispose] };
}

/**
 * A copy with its own `.env`, in which each port is a free one.
 * @param change edits the copy's files before its ports are chosen.
 */
export async function freshCopy(change?: (path: string) => Promise<void>): Promise<FreshCopy> {
  const copy = await copyCheckout();
  const { path } = copy;
  await change?.(path);
  const names = readManifest(path).ports.map(({ variable }) => variable);
  const claim = await claimPorts(names.length);
  const ports = Object.fromEntries(names.map((name, place) => [name, claim.ports[place] ?? 0]));
  await run(process.execPath, ['lab/src/main.ts', 'env'], { cwd: path });
  const lines = Object.entries(ports).map(([name, port]) => `${name}=${port}`);
  await appendFile(join(path, '.env'), `${lines.join('\n')}\n`);
  return {
    path,
    ports,
    async [Symbol.asyncDispose]() {
      await claim[Symbol.asyncDispose]();
      await copy[Symbol.asyncDispose]();
    },
  };
}
