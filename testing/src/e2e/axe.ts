/** Lists what axe has against a page, for the specs of every service with pages. */
import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';

/**
 * @param rules only these; by default all that axe has on by itself.
 * @returns a line for each rule that is violated, with the elements that do.
 */
export async function axeFindings(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page })
    // Nothing is described of what is in order, which is most of the page.
    .options({ resultTypes: ['violations'] })
    // No second page for the results of other frames: there are none, the Content-Security-Policy of each service forbids them.
    .setLegacyMode();
  const { violations } = await (rules ? axe.withRules(rules) : axe).analyze();
  return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
}
