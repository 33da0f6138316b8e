/** The vocabulary of proofs: short conditions on a page that pictures combine. */
import type { Page } from 'playwright-core';
import type { Proof, Scene } from './picture.ts';

type Text = string | ((scene: Scene) => string);

/** What each page shows while it loads, and where it failed or has nothing: none of it may be on a picture. */
const MARKS = [
  // the console and the task manager
  '[aria-busy="true"]',
  '.skeleton',
  '.state-loading',
  '.state-error',
  '.state-unknown',
  // Grafana
  '[aria-label="Panel loading bar"]',
  '[data-testid="data-testid Panel status error"]',
  // Kibana
  '[data-test-subj="globalLoadingIndicator"]',
  '.euiLoadingSpinner',
  // Jaeger
  '.LoadingIndicator',
] as const;

/** Words that stand where data should be. */
const NOTHING = /^\s*No data\s*$/;

/** For every picture: nothing loads, nothing failed, nothing is blank. */
export const settled: Proof = {
  what: 'nothing is loading, nothing failed, no “No data”',
  async missing(page) {
    for (const mark of MARKS) {
      const count = await page.locator(`${mark}:visible`).count();
      if (count > 0) return `${count} × ${mark}`;
    }
    const blanks = await page.getByText(NOTHING).filter({ visible: true }).count();
    return blanks > 0 ? `${blanks} × “No data”` : undefined;
  },
};

/** Something with this text is visible, within `selector` if one is given. */
export function shows(what: string, text: Text | RegExp, selector = 'body'): Proof {
  return {
    what,
    async missing(page, scene) {
      const wanted = typeof text === 'function' ? text(scene) : text;
      const found = page.locator(selector).getByText(wanted).filter({ visible: true });
      return (await found.count()) > 0 ? undefined : `no ${wanted} in ${selector}`;
    },
  };
}

/** At least so many visible elements. */
export function atLeast(
  what: string,
  selector: string | ((scene: Scene) => string),
  wanted: number | ((scene: Scene) => number),
): Proof {
  return counted(what, selector, wanted, (count, least) => count >= least, 'at least ');
}

/** Exactly so many visible elements. */
export function exactly(what: string, selector: string, wanted: number | ((scene: Scene) => number)): Proof {
  return counted(what, selector, wanted, (count, number) => count === number, '');
}

function counted(
  what: string,
  selector: string | ((scene: Scene) => string),
  wanted: number | ((scene: Scene) => number),
  fits: (count: number, wanted: number) => boolean,
  words: string,
): Proof {
  return {
    what,
    async missing(page, scene) {
      const where = typeof selector === 'string' ? selector : selector(scene);
      const number = typeof wanted === 'number' ? wanted : wanted(scene);
      const count = await page.locator(where).filter({ visible: true }).count();
      return fits(count, number) ? undefined : `${count} × ${where}, expected ${words}${number}`;
    },
  };
}

/** The proofs that do not hold, each with what is seen instead. */
export async function unproven(
  proofs: readonly Proof[],
  page: Page,
  scene: Scene,
): Promise<readonly string[]> {
  const seen = await Promise.all(
    proofs.map(async ({ what, missing }) => {
      const instead = await missing(page, scene);
      return instead === undefined ? [] : [`${what}: ${instead}`];
    }),
  );
  return seen.flat();
}
