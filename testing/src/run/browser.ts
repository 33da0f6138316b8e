/** Sees to a browser for the end-to-end tests, and says how to get one where it cannot. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { findBrowser } from '@lab/cli/browser';

const run = promisify(execFile);

/**
 * Finds a browser, or installs Debian's Chromium where this is root on a system with apt (CI's machine).
 * @returns the environment that playwright.config.ts reads.
 * @throws Error with the cure where there is none.
 */
export async function ensureBrowser(): Promise<Record<string, string>> {
  const found = findBrowser() ?? (await installChromium());
  if (found) return { BROWSER_PATH: found };
  throw new Error(
    'no browser: install Chromium or Chrome (Debian: apt-get install chromium), or set BROWSER_PATH',
  );
}

async function installChromium(): Promise<string | undefined> {
  if (process.getuid?.() !== 0) return undefined;
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  try {
    await run('apt-get', ['update', '-qq'], { env, timeout: 120_000 });
    await run(
      'apt-get',
      ['install', '-y', '-qq', '--no-install-recommends', 'chromium', 'fonts-dejavu-core'],
      {
        env,
        timeout: 300_000,
        maxBuffer: 64 * 1024 * 1024,
      },
    );
  } catch (cause) {
    throw new Error(`apt-get could not install chromium: ${cause instanceof Error ? cause.message : cause}`, {
      cause,
    });
  }
  return findBrowser();
}
