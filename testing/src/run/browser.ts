/** Sees to a browser for the end-to-end tests, and says how to get one where it cannot. */
import { findBrowser } from '@lab/cli/browser';
import { installDebian } from './debian-package.ts';

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
  return (await installDebian(['chromium', 'fonts-dejavu-core'])) ? findBrowser() : undefined;
}
