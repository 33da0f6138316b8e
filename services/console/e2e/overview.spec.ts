import { expect, test } from './support/test.ts';

test('the overview shows parts that are up, traffic and objectives', async ({ page, traffic }) => {
  expect(traffic.requestId).toBeTruthy();
  await page.goto('/');
  const parts = page.getByRole('region', { name: 'Parts' });
  for (const part of ['taskmanager-api', 'taskmanager-web', 'taskmanager-worker', 'prometheus'])
    await expect(parts.getByRole('listitem').filter({ hasText: part }).first()).toContainText('up');
  await expect(parts.getByRole('listitem').filter({ hasText: 'taskmanager-api' })).toContainText('API');
  const requests = page.getByRole('region', { name: 'Requests to the API' });
  await expect(requests.getByRole('article').first()).toContainText('req/s');
  await expect(page.getByRole('region', { name: 'Objectives' })).toContainText('api-availability');
});

test('the theme is chosen, kept over a reload, and given back to the system', async ({ page }) => {
  await page.goto('/');
  /** The colour behind the page once the theme is on: a browser tells of a change of system theme later than of its being set. */
  const background = async (theme: 'light' | 'dark') => {
    await expect(page.locator(`html[data-theme="${theme}"]`)).toBeAttached();
    return page.evaluate<string>('getComputedStyle(document.documentElement).backgroundColor');
  };
  await page.emulateMedia({ colorScheme: 'dark' });
  const dark = await background('dark');
  await page.getByRole('button', { name: /^Theme: system/ }).click();
  const light = await background('light');
  expect(light).not.toBe(dark);
  await page.reload();
  await expect(page.getByRole('button', { name: /^Theme: light/ })).toBeVisible();
  expect(await background('light')).toBe(light);
  await page.getByRole('button', { name: /^Theme: light/ }).click();
  expect(await background('dark')).toBe(dark);
  await page.getByRole('button', { name: /^Theme: dark/ }).click();
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await background('light'), 'the system is followed again').toBe(light);
});

test('on a narrow screen the pages are behind a button', async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto('/');
  const logs = page.getByRole('navigation', { name: 'Pages' }).getByRole('link', { name: 'Logs' });
  await expect(logs).toBeHidden();
  await page.getByRole('button', { name: 'Navigation' }).click();
  await logs.click();
  await expect(page.getByRole('heading', { name: 'Logs', level: 1 })).toBeVisible();
  await expect(logs).toBeHidden();
});
