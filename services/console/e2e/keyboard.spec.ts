import { expect, test } from './support/test.ts';

test('the first stop leads past the navigation', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await page.keyboard.press('Tab');
  await expect(page.getByRole('link', { name: 'Skip to content' })).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('main')).toBeFocused();
});

test('g and a letter go to a page, ? lists the keys, Escape closes the list', async ({ page }) => {
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  for (const [key, title] of [
    ['a', 'Alerts'],
    ['i', 'Inbox'],
    ['e', 'Experiments'],
    ['d', 'Dashboards'],
    ['t', 'Traces'],
    ['l', 'Logs'],
  ] as const) {
    await page.keyboard.press('g');
    await page.keyboard.press(key);
    await expect(page.getByRole('heading', { name: title, level: 1 })).toBeVisible();
  }
  await page.keyboard.press('?');
  await expect(page.getByRole('dialog', { name: 'Keyboard shortcuts' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
});

test('log lines are searched, walked, opened and followed to their trace without a mouse', async ({
  page,
  traffic,
}) => {
  await page.goto('/logs');
  const query = page.getByRole('combobox', { name: 'Query' });
  await expect(query).toBeVisible();
  await page.keyboard.press('/');
  await expect(query).toBeFocused();
  await page.keyboard.type(`http.request.id:"${traffic.requestId}" log.level:info`);
  await page.keyboard.press('Enter');
  const lines = page.getByRole('region', { name: 'Log lines' }).getByRole('listitem');
  await query.blur();
  await expect(async () => {
    await page.keyboard.press('r');
    await expect(lines.filter({ hasText: 'taskmanager-web' }).first()).toBeVisible({ timeout: 1000 });
  }).toPass();
  await page.keyboard.press('j');
  const first = lines.first().getByRole('button').first();
  await expect(first).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(first).toHaveAttribute('aria-expanded', 'true');
  await page.keyboard.press('Escape');
  await expect(first).toHaveAttribute('aria-expanded', 'false');
  await page.keyboard.press('x');
  await expect(page).toHaveURL(/\/traces\/[0-9a-f]{32}/);
  await expect(page.getByRole('region', { name: 'Spans' })).toBeVisible();
  await page.keyboard.press('j');
  await expect(page.getByRole('complementary', { name: /^Span/ })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('complementary', { name: /^Span/ })).toBeHidden();
});

test('the time range moves by [ and z', async ({ page }) => {
  await page.goto('/logs?from=now-30m&to=now');
  await expect(page.getByRole('heading', { name: 'Logs', level: 1 })).toBeVisible();
  await page.keyboard.press('[');
  await expect(page).toHaveURL(/from=\d{13}&to=\d{13}/);
  const narrow = new URL(page.url()).searchParams;
  await page.keyboard.press('z');
  await expect(page).not.toHaveURL(new RegExp(`from=${narrow.get('from')}`));
  const wide = new URL(page.url()).searchParams;
  const width = (search: URLSearchParams) => Number(search.get('to')) - Number(search.get('from'));
  expect(width(wide)).toBeGreaterThan(width(narrow));
});

test('a chart’s series are chosen by keyboard, its data read as a table', async ({ page }) => {
  await page.goto('/dashboards/application?from=now-5m&to=now');
  const panel = page.getByRole('article', { name: 'Duration: p50, p90, p99', exact: true });
  const series = panel.getByRole('button', { name: 'p90', exact: true });
  await expect(series).toHaveAttribute('aria-pressed', 'true');
  await panel.getByRole('button', { name: 'p99', exact: true }).focus();
  await page.keyboard.press('Enter');
  await expect(series).toHaveAttribute('aria-pressed', 'false');
  await panel.getByRole('button', { name: /^Data and queries/ }).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog').getByRole('table')).toBeVisible();
});
