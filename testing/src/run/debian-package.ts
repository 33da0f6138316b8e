/** Installs what a test needs of Debian where this is root on a system with apt: CI's machine. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** @returns whether they are installed now. @throws Error where apt-get could not install them. */
export async function installDebian(packages: readonly string[]): Promise<boolean> {
  if (process.getuid?.() !== 0) return false;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env, timeout: 120_000 });
    await run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...packages], {
      env,
      timeout: 300_000,
      maxBuffer: 64 * 1024 * 1024,
    });
    return true;
  } catch (cause) {
    throw new Error(
      `apt-get could not install ${packages.join(', ')}: ${cause instanceof Error ? cause.message : cause}`,
      { cause },
    );
  }
}
