/** The browser parts of web and console, built where they are missing or older than their sources. */
import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { glob, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRun, describeError } from '../../cli/failure.ts';
import { runCommand } from '../../process/run-command.ts';

export interface BuildOptions {
  root: string;
  progress(line: string): void;
  signal?: AbortSignal;
}

const INTERFACES = ['web', 'console'] as const;

/** @throws CannotRun with the last lines of the build that fails. */
export async function buildInterfaces(options: BuildOptions): Promise<void> {
  await Promise.all(INTERFACES.map((name) => buildOne(name, options)));
}

async function buildOne(
  name: (typeof INTERFACES)[number],
  { root, progress, signal }: BuildOptions,
): Promise<void> {
  const folder = join(root, 'services', name);
  const stamp = join(folder, 'dist', '.sources');
  const sources = await hashOfSources(root, folder);
  const built = existsSync(join(folder, 'dist', 'index.html'))
    ? await readFile(stamp, 'utf8').catch(() => '')
    : '';
  if (built === sources) return;
  progress(`building the pages of ${name}`);
  try {
    await runCommand(process.execPath, [join(root, 'node_modules', '.bin', 'vite'), 'build'], {
      cwd: folder,
      env: { NODE_ENV: 'production' },
      timeoutMs: 180_000,
      ...(signal ? { signal } : {}),
    });
  } catch (cause) {
    signal?.throwIfAborted();
    throw new CannotRun(`the pages of ${name} could not be built: ${describeError(cause)}`, { cause });
  }
  await writeFile(stamp, sources);
}

/** Covers everything that ends up in the pages: the service's own files, the UI kit, what they import of the API, versions. */
async function hashOfSources(root: string, folder: string): Promise<string> {
  const files = [join(root, 'package-lock.json')];
  for (const pattern of ['src/**/*', 'public/**/*', 'build/**/*', '*.{html,json,ts}'])
    for await (const entry of glob(pattern, { cwd: folder, withFileTypes: true }))
      if (entry.isFile()) files.push(join(entry.parentPath, entry.name));
  for await (const file of glob('services/{api/src/contract,ui-kit/src}/**/*.{ts,tsx,css}', { cwd: root }))
    files.push(join(root, file));
  const hash = createHash('sha256');
  for (const file of files.sort())
    hash
      .update(file.slice(root.length))
      .update('\0')
      .update(await readFile(file));
  return hash.digest('hex');
}
