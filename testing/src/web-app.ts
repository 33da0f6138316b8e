import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = join(import.meta.dirname, '..', '..');
const web = join(root, 'services', 'web');

/**
 * Builds the browser app where it has not been built yet: the web server does not start without. What is there is
 * taken as it is, even if it is older than its source: these tests are about the servers.
 */
export async function ensureWebApp(): Promise<void> {
  const target = join(web, 'dist');
  if (existsSync(join(target, 'index.html'))) return;
  // On the same file system as the target, and ignored by git.
  await mkdir(join(root, 'reports'), { recursive: true });
  const staging = await mkdtemp(join(root, 'reports', 'web-app-'));
  try {
    const vite = join(root, 'node_modules', '.bin', 'vite');
    await run(vite, ['build', '--outDir', staging, '--logLevel', 'error'], { cwd: web });
    await rename(staging, target);
  } catch (error) {
    // Another build was faster: its result serves as well.
    if (!existsSync(join(target, 'index.html'))) throw error;
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}
