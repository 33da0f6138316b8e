import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

const lines = (page: Page) => page.getByRole('region', { name: 'Log lines' }).getByRole('listitem');

/** Lines arrive a moment after their request. */
async function search(page: Page, query: string, count: number): Promise<void> {
  await page.goto('/logs');
  await page.getByRole('combobox', { name: 'Query' }).fill(query);
  await page.getByRole('button', { name: 'Search', exact: true }).click();
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    expect(await lines(page).count()).toBeGreaterThanOrEqual(count);
  }).toPass();
}

test('a request’s lines are found by its id, in web and in the API, and lead to its trace', async ({
  page,
  traffic,
}) => {
  await search(page, `http.request.id:"${traffic.requestId}"`, 2);
  for (const service of ['taskmanager-web', 'taskmanager-api'])
    await expect(lines(page).filter({ hasText: service }).first()).toBeVisible();
  await lines(page).filter({ hasText: 'taskmanager-api' }).first().getByRole('button').first().click();
  await page.getByRole('link', { name: 'Its trace' }).click();
  await expect(page.getByRole('region', { name: 'Spans' })).toContainText('POST /api/v1/tasks');
});

test('a field’s value narrows the search and its opposite widens it again', async ({ page, traffic }) => {
  await search(page, `http.request.id:"${traffic.requestId}"`, 2);
  const before = await lines(page).count();
  await lines(page).filter({ hasText: 'taskmanager-api' }).first().getByRole('button').first().click();
  await page.getByRole('button', { name: 'Only lines with this service.name' }).click();
  await expect(page.getByRole('combobox', { name: 'Query' })).toHaveValue(/service\.name:taskmanager-api$/);
  await expect(lines(page).filter({ hasText: 'taskmanager-web' })).toHaveCount(0);
  await lines(page).first().getByRole('button').first().click();
  await page.getByRole('button', { name: 'Only lines without this service.name' }).click();
  await expect(lines(page).filter({ hasText: 'taskmanager-web' }).first()).toBeVisible();
  expect(await lines(page).count()).toBeLessThan(before);
});

test('a drag over the histogram zooms into that time', async ({ page, traffic }) => {
  await search(page, `http.request.id:"${traffic.requestId}"`, 2);
  const histogram = page.getByRole('region', { name: 'Lines over time' }).getByRole('img');
  const box = await histogram.boundingBox();
  if (!box) throw new Error('expected the histogram to have a place on the page');
  await page.mouse.move(box.x + box.width * 0.2, box.y + 20);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.4, box.y + 30, { steps: 4 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d{13}&to=\d{13}/);
});

test('a query that cannot be read is refused where it went wrong, and the page stays usable', async ({
  page,
}) => {
  await page.goto('/logs');
  const query = page.getByRole('combobox', { name: 'Query' });
  await query.fill('level:(error');
  await query.press('Enter');
  await expect(query).toHaveAttribute('aria-invalid', 'true');
  await expect(query).toHaveAccessibleDescription(/./);
  await query.fill('');
  await query.press('Enter');
  await expect(query).toHaveAttribute('aria-invalid', 'false');
  await expect(lines(page).first()).toBeVisible();
});

test('the live tail shows a request that is made while it runs', async ({ page, traffic }) => {
  await page.goto('/logs?service=taskmanager-api');
  await page.getByRole('button', { name: 'Live tail' }).click();
  const tail = page.getByRole('region', { name: 'Live tail' });
  await expect(tail.getByRole('status')).toContainText('Following new lines');
  const id = await traffic.request();
  await expect(tail.getByRole('listitem').first()).toBeVisible();
  await tail.getByRole('listitem').first().getByRole('button').first().click();
  await page.getByRole('button', { name: 'Stop' }).click();
  await search(page, `http.request.id:"${id}"`, 1);
});

test('the console’s own lines are left out until asked for', async ({ page }) => {
  await page.goto('/logs');
  await expect(lines(page).first()).toBeVisible();
  await expect(lines(page).filter({ hasText: 'lab-console' })).toHaveCount(0);
  await page.getByRole('button', { name: 'Show them' }).click();
  await expect(lines(page).filter({ hasText: 'lab-console' }).first()).toBeVisible();
});
