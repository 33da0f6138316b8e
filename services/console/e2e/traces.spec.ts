import type { Page } from '@playwright/test';
import { expect, test } from './support/test.ts';

/** Spans arrive a moment after their request, in batches. */
async function openTrace(page: Page, requestId: string): Promise<void> {
  await page.goto(`/traces?tags=${encodeURIComponent(`http.request.id=${requestId}`)}`);
  const found = page.getByRole('link', { name: /POST \/api/ });
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    await expect(found.first()).toBeVisible({ timeout: 1000 });
  }).toPass();
  await found.first().click();
}

test('a request’s trace is found by tag and shows where its time went, from web to the database', async ({
  page,
  traffic,
}) => {
  await openTrace(page, traffic.requestId);
  const spans = page.getByRole('region', { name: 'Spans' });
  for (const name of ['POST /api/*', 'POST /api/v1/tasks']) await expect(spans).toContainText(name);
  await expect(page.getByRole('list', { name: 'Services' })).toContainText('taskmanager-api');
  await expect(spans.getByRole('button', { name: /insert/i }).first()).toBeVisible();

  await spans
    .getByRole('button', { name: /api POST \/api\/v1\/tasks/ })
    .first()
    .click();
  const details = page.getByRole('complementary', { name: /^Span POST/ });
  await expect(details).toContainText('http.request.id');
  await expect(details).toContainText(traffic.requestId);
  await details.getByRole('button', { name: 'Close details' }).click();
  await expect(details).toBeHidden();
});

test('spans fold away and come back', async ({ page, traffic }) => {
  await openTrace(page, traffic.requestId);
  const spans = page.getByRole('region', { name: 'Spans' });
  await expect(spans).toContainText('POST /api/v1/tasks');
  const count = await spans.getByRole('listitem').count();
  await spans
    .getByRole('button', { name: /spans below/ })
    .first()
    .click();
  await expect(spans.getByRole('listitem')).toHaveCount(1);
  await spans
    .getByRole('button', { name: /spans below/ })
    .first()
    .click();
  await expect(spans.getByRole('listitem')).toHaveCount(count);
});

test('a trace leads to its log lines', async ({ page, traffic }) => {
  await openTrace(page, traffic.requestId);
  await page.getByRole('link', { name: 'Its log lines' }).click();
  await expect(page.getByRole('combobox', { name: 'Query' })).toHaveValue(/^trace\.id:/);
  const lines = page.getByRole('region', { name: 'Log lines' });
  for (const service of ['taskmanager-web', 'taskmanager-api']) await expect(lines).toContainText(service);
});

test('a span leads to the metrics of its service, of its route, at its time', async ({ page, traffic }) => {
  await openTrace(page, traffic.requestId);
  const spans = page.getByRole('region', { name: 'Spans' });
  await spans
    .getByRole('button', { name: /api POST \/api\/v1\/tasks/ })
    .first()
    .click();
  await page.getByRole('link', { name: 'Metrics at that time' }).click();
  await expect(page).toHaveURL(
    /\/dashboards\/application\?var-route=%2Fapi%2Fv1%2Ftasks&from=\d{13}&to=\d{13}/,
  );
  await expect(page.getByRole('heading', { name: 'Application', level: 1 })).toBeVisible();
  await expect(page.getByRole('button', { name: 'Endpoint: /api/v1/tasks' })).toBeVisible();
});

test('service, operation and duration narrow the search; a duration that is none is refused', async ({
  page,
  traffic,
}) => {
  await openTrace(page, traffic.requestId);
  await page.goto('/traces');
  await page.getByLabel('Service').selectOption('taskmanager-api');
  await page.getByLabel('Operation').selectOption('POST /api/v1/tasks');
  await expect(page).toHaveURL(/operation=POST/);
  await expect(page.getByRole('link', { name: /POST \/api/ }).first()).toBeVisible();
  await page.getByLabel('At least').fill('soon');
  await page.getByRole('button', { name: 'Find traces' }).click();
  await expect(page.getByRole('alert')).toContainText('“soon” is no duration');
  await page.getByLabel('At least').fill('1h');
  await page.getByRole('button', { name: 'Find traces' }).click();
  await expect(page.getByText('No trace fits')).toBeVisible();
});

test('the service graph knows who calls whom', async ({ page, traffic }) => {
  await openTrace(page, traffic.requestId);
  await page.goto('/traces/graph');
  const table = page.getByRole('region', { name: 'Connections' });
  const row = (from: string, to: string) =>
    table.getByRole('row').filter({ hasText: from }).filter({ hasText: to });
  await expect(row('taskmanager-web', 'taskmanager-api')).toContainText('call');
  await expect(row('taskmanager-api', 'postgres')).toContainText('database');
});

test('a trace that is not stored says why that may be', async ({ page }) => {
  await page.goto(`/traces/${'0'.repeat(31)}1`);
  await expect(page.getByText('This trace is not stored')).toBeVisible();
});
