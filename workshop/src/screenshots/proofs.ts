/** The vocabulary of proofs: short conditions on a page that pictures combine. */
import type { Page } from 'playwright-core';
import type { Proof, Scene } from './picture.ts';

type Text = string | ((scene: Scene) => string);

/** The signs that a page still loads, failed or has nothing: none of them may be on a picture. */
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
  // the traces' tool
  '.LoadingIndicator',
] as const;

/** Words that stand where data should be. */
const NOTHING = /^\s*No data\s*$/;

/** The proof of every picture: nothing loads, nothing failed, nothing is blank. */
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

/** A stat panel of a dashboard says at least so much: seconds, shares of one, or a plain number. */
export function says(what: string, panel: string, least: number): Proof {
  return {
    what,
    async missing(page) {
      const heading = page.getByRole('heading', { name: panel, exact: true });
      const value = page.locator('article.panel').filter({ has: heading }).locator('.stat-value');
      const texts = await value.filter({ visible: true }).allTextContents();
      const numbers = texts.map(readStat);
      return numbers.some((number) => number !== undefined && number >= least)
        ? undefined
        : `“${panel}” says ${texts.join(', ') || 'nothing'}, expected at least ${least}`;
    },
  };
}

const FACTORS: Readonly<Record<string, number>> = { '': 1, '%': 0.01, µs: 1e-6, ms: 1e-3, s: 1, min: 60 };

/** `14.83%`, `702 ms` or `3`, in the unit's base; undefined where it is none of these. */
export function readStat(text: string): number | undefined {
  const [, digits, unit = ''] = /^\s*(-?\d+(?:\.\d+)?)\s*(\S*)\s*$/.exec(text) ?? [];
  const factor = FACTORS[unit];
  return digits === undefined || factor === undefined ? undefined : Number(digits) * factor;
}

/** The proof of calm pictures: the console's own count of what fires, which stands on each of its pages. */
export const quiet: Proof = {
  what: 'no alert fires',
  async missing(page) {
    const counts = await page.locator('.nav-count').filter({ visible: true }).allTextContents();
    return counts.length === 0 ? undefined : counts.join(', ');
  },
};

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
