/** A real browser where there is one, else its telemetry alone. */
import { findBrowser } from '../browser/find-browser.ts';
import { describeError } from '../cli/failure.ts';
import { syntheticVisitor } from './synthetic-visitor.ts';
import type { Visitor, VisitorOptions } from './visitor.ts';

export interface StartVisitorOptions extends VisitorOptions {
  /** False: no browser, even where there is one. */
  browser: boolean;
  environment: NodeJS.ProcessEnv;
  progress(line: string): void;
}

/** Never fails: a load is worth having without a browser too. */
export async function startVisitor(options: StartVisitorOptions): Promise<Visitor> {
  const { browser, environment, progress } = options;
  const path = browser ? findBrowser(environment) : undefined;
  if (path === undefined) {
    if (browser) progress('no browser found (apt-get install chromium): browser telemetry is synthetic');
    return syntheticVisitor(options);
  }
  try {
    // Playwright is large: no other command shall wait for it to be read.
    const { browserVisitor } = await import('./browser-visitor.ts');
    return await browserVisitor(path, options);
  } catch (error) {
    progress(
      `${path} does not start (${describeError(error).split('\n')[0]}): browser telemetry is synthetic`,
    );
    return syntheticVisitor(options);
  }
}
