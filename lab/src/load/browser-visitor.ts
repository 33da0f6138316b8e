/**
 * One real browser walks beside the load: the app is loaded, searched, a task is made and completed. Web Vitals, script errors
 * and the browser's spans in the lab are then a browser's own.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { browserFlags } from '../browser/find-browser.ts';
import { describeError } from '../cli/failure.ts';
import type { Visitor, VisitorOptions, VisitorReport } from './visitor.ts';

/** Under load a page takes its time; what takes longer than this is given up. */
const STEP_MS = 10_000;
const THINK_MS = 1_000;
/** Between two visits. */
const REST_MS = 3_000;

/** @throws Error where the browser does not start. */
export async function browserVisitor(
  executablePath: string,
  { webUrl, cookie }: VisitorOptions,
): Promise<Visitor> {
  const browser = await chromium.launch({ executablePath, args: browserFlags(), timeout: 30_000 });
  const context = await browser.newContext({ baseURL: webUrl, viewport: { width: 1280, height: 800 } });
  context.setDefaultTimeout(STEP_MS);
  const [name = '', ...value] = cookie.split('=');
  await context.addCookies([{ name, value: value.join('='), url: webUrl }]);
  const report: VisitorReport = { kind: 'browser', walks: 0, failures: 0, reason: undefined };
  const ending = new AbortController();
  const { signal } = ending;
  const run = async () => {
    while (!signal.aborted) {
      try {
        await visit(context, signal);
        report.walks += 1;
      } catch (error) {
        // Cut off by the end of the load.
        if (signal.aborted) return;
        report.failures += 1;
        [report.reason] = describeError(error).split('\n');
      }
      // The end of the load ends the rest too; the loop's condition sees it.
      await think(REST_MS, signal).catch(() => undefined);
    }
  };
  const running = run();
  return {
    report,
    async stop() {
      ending.abort();
      // A visit that waits for something ends with the browser.
      await Promise.race([running, pause(THINK_MS, undefined, { ref: false })]);
      await browser.close();
      await running;
    },
  };
}

async function visit(context: BrowserContext, signal: AbortSignal): Promise<void> {
  const page = await context.newPage();
  try {
    await walk(page, signal);
    // Leaving the page is what makes the app send its vitals.
    await page.goto('about:blank');
  } finally {
    await page.close();
  }
}

async function walk(page: Page, signal: AbortSignal): Promise<void> {
  const title = `walk the dog ${Date.now()}`;
  await page.goto('/');
  await page.getByRole('link', { name: 'New task' }).waitFor();
  await think(THINK_MS, signal);
  await page.getByRole('searchbox', { name: 'Search tasks' }).fill('garden');
  await page.waitForURL(/q=garden/);
  await think(THINK_MS, signal);
  await page.getByRole('link', { name: 'New task' }).click();
  await page.getByLabel('Title').fill(title);
  await think(THINK_MS, signal);
  await page.getByLabel('Title').press('Enter');
  await page.goto('/');
  await page.getByLabel(`Complete “${title}”`).click();
  await think(THINK_MS, signal);
}

/** @throws the abort's reason, so that nothing goes on after the end. */
function think(milliseconds: number, signal: AbortSignal): Promise<void> {
  return pause(milliseconds, undefined, { signal });
}
