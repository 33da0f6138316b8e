/** The accessibility specs expect no finding: here is one, so that they can fail. */
import { axeFindings } from '@lab/testing/axe';
import { expect, test } from '@playwright/test';

const PAGE =
  '<html lang="en"><title>Trial</title><main><h1>Trial</h1><img src="data:,"><p style="color:#ccc">pale';

test('axe names each rule that is violated, with the element, and nothing else', async ({ page }) => {
  await page.setContent(PAGE);
  expect(await axeFindings(page)).toEqual([
    'color-contrast: <p style="color:#ccc">pale</p>',
    'image-alt: <img src="data:,">',
  ]);
  expect(await axeFindings(page, ['image-alt'])).toEqual(['image-alt: <img src="data:,">']);
});
