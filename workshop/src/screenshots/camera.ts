/** A browser whose pictures depend on the page alone: fixed size, UTC, en-GB, light theme, nothing that moves. */
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { CannotRun, describeError, until } from '@lab/cli';
import { browserFlags, findBrowser } from '@lab/cli/browser';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import sharp from 'sharp';
import type { Picture, Scene } from './picture.ts';
import { quiet, settled, unproven } from './proofs.ts';
import { showsItsBeginningTwice } from './repeated.ts';

const WINDOW = { width: 1440, height: 900 };
/** A page longer than this is cut: nobody looks at the end of such a picture. */
const TALLEST = 6000;
/** A proof may need a scrape, a batch of spans, or a refresh of the page. */
const PATIENCE_MS = 30_000;

export interface Camera extends AsyncDisposable {
  context: BrowserContext;
  /**
   * Takes the picture once it is proven, optimised, to `file`.
   * @throws Error naming the proofs that do not hold.
   */
  take(picture: Picture, scene: Scene, file: string, signal: AbortSignal): Promise<void>;
}

/** @throws CannotRun with the way to get a browser, where there is none or it does not start. */
export async function openCamera(
  environment: NodeJS.ProcessEnv,
  { patienceMs = PATIENCE_MS }: { patienceMs?: number } = {},
): Promise<Camera> {
  const executablePath = findBrowser(environment) ?? playwrightsOwn();
  if (executablePath === undefined)
    throw new CannotRun(
      'no browser to take pictures with: `apt install chromium` (Debian) or `node_modules/.bin/playwright install chromium`, or name one in BROWSER_PATH',
    );
  let browser: Browser;
  try {
    browser = await chromium.launch({ executablePath, args: browserFlags(), timeout: 30_000 });
  } catch (cause) {
    const [reason] = describeError(cause).split('\n');
    throw new CannotRun(`the browser ${executablePath} does not start: ${reason}`, { cause });
  }
  const context = await browser.newContext({
    viewport: WINDOW,
    locale: 'en-GB',
    timezoneId: 'UTC',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    deviceScaleFactor: 1,
  });
  context.setDefaultTimeout(PATIENCE_MS);
  return {
    context,
    take: (picture, scene, file, signal) => takeIn({ context, patienceMs }, picture, scene, file, signal),
    [Symbol.asyncDispose]: () => browser.close(),
  };
}

function playwrightsOwn(): string | undefined {
  const path = chromium.executablePath();
  return existsSync(path) ? path : undefined;
}

async function takeIn(
  { context, patienceMs }: { context: BrowserContext; patienceMs: number },
  picture: Picture,
  scene: Scene,
  file: string,
  signal: AbortSignal,
): Promise<void> {
  const page = await context.newPage();
  const proofs = [settled, ...(picture.when === 'calm' ? [quiet] : []), ...picture.proofs];
  try {
    const open = async () => {
      await page.goto(picture.address(scene), { waitUntil: 'domcontentloaded' });
      await picture.prepare?.(page, scene);
    };
    if (typeof picture.size === 'number') await page.setViewportSize({ ...WINDOW, height: picture.size });
    await open();
    const shot = await until(
      'every proof to hold',
      async () => {
        if (await fit(page, picture)) throw new Error('the page has just got another height');
        const before = await unproven(proofs, page, scene);
        if (before.length > 0) throw new Error(before.join('; '));
        const taken = await page.screenshot({ animations: 'disabled', caret: 'hide' });
        // What held before it held while it was taken.
        const after = await unproven(proofs, page, scene);
        if (after.length > 0) throw new Error(after.join('; '));
        if (await showsItsBeginningTwice(taken)) {
          // Opened at the height it has by now, it is painted as a whole.
          await open();
          throw new Error('the browser painted the page’s beginning again and again');
        }
        return taken;
      },
      { deadlineMs: patienceMs, everyMs: 250, signal },
    );
    await writeFile(file, await optimised(shot));
  } finally {
    await page.close();
  }
}

/**
 * Pages draw what is in sight: one that is taken as a whole has to be in sight as a whole.
 * @returns whether the size changed: a picture taken before the new one is painted shows the page's beginning again and again.
 */
async function fit(page: Page, { size }: Picture): Promise<boolean> {
  if (size !== 'whole') return false;
  const height = Math.max(
    WINDOW.height,
    await page.evaluate<number>('document.documentElement.scrollHeight'),
  );
  const wanted = { ...WINDOW, height: Math.min(TALLEST, height) };
  if (page.viewportSize()?.height === wanted.height) return false;
  await page.setViewportSize(wanted);
  return true;
}

/** 256 colours are enough for a page of text and lines, at a third of the size. */
function optimised(png: Buffer): Promise<Buffer> {
  return sharp(png).png({ palette: true, quality: 95, effort: 10, compressionLevel: 9 }).toBuffer();
}
