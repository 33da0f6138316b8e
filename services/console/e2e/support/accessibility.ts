import { axeFindings } from '@lab/testing/axe';
import type { Page } from '@playwright/test';
import { expect } from './test.ts';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 390, height: 844 };

async function theme(page: Page, colorScheme: 'light' | 'dark'): Promise<void> {
  await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
  await expect(page.locator(`html[data-theme="${colorScheme}"]`)).toBeAttached();
}

/** No finding of axe on wide and narrow screens, contrast held in both themes, and nothing wider than the screen. */
export async function expectAccessible(page: Page): Promise<void> {
  await theme(page, 'light');
  await page.setViewportSize(WIDE);
  expect(await axeFindings(page), 'light, wide').toEqual([]);
  // A theme changes colours and nothing else.
  await theme(page, 'dark');
  expect(await axeFindings(page, ['color-contrast']), 'dark, wide').toEqual([]);
  await page.setViewportSize(NARROW);
  expect(await axeFindings(page), 'dark, narrow').toEqual([]);
  const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  expect(overflow, 'nothing wider than a narrow screen').toBeLessThanOrEqual(0);
}
