import { expect, test } from './support/test.ts';

test.beforeEach(async ({ page, traffic, console }) => {
  await traffic.request();
  // Panels are about rates: wait until Prometheus has seen the counters move.
  await expect(async () => {
    const query = 'sum(rate(http_requests_total{job="taskmanager-backend",route="/api/v1/tasks"}[1m])) > 0';
    const answer = await console.get<{ data: { result: unknown[] } }>(
      `/api/prometheus/query?query=${encodeURIComponent(query)}`,
    );
    expect(answer.data.result).not.toEqual([]);
  }).toPass();
  await page.goto('/dashboards/application?from=now-5m&to=now');
});

const panel = (name: string) => ({ name, exact: true });

test('every panel shows its data, none an error or something that cannot be drawn', async ({ page }) => {
  await page.setViewportSize({ width: 1280, height: 2400 });
  const panels = page.locator('[data-panel]');
  await expect(panels.first()).toBeVisible();
  const rate = page.getByRole('article', panel('Request rate by endpoint'));
  await expect(rate.getByRole('button', { name: 'POST /api/v1/tasks', exact: true })).toBeVisible();
  await expect(rate.getByRole('img', { name: /series over time/ }).locator('canvas')).toBeVisible();
  await expect(
    page.getByRole('article', panel('Distribution of durations')).getByRole('img', { name: /heatmap/ }),
  ).toHaveAccessibleName(/heatmap of \d+ buckets/);
  await expect(page.getByRole('article', panel('Endpoints'))).toContainText('/api/v1/tasks');
  await expect(page.getByRole('article', panel('Active sessions'))).toContainText(/\d/);
  await expect(page.locator('.panel .state-error, .state-unsupported, .panel-note-warning')).toHaveCount(0);
  await expect(page.locator('[data-loading="true"]')).toHaveCount(0);
});

test('a variable narrows every panel and lives in the address', async ({ page }) => {
  await page.getByRole('button', { name: /^Endpoint: All/ }).click();
  await page.getByRole('checkbox', { name: '/api/v1/tasks', exact: true }).check();
  await expect(page).toHaveURL(/var-route=%2Fapi%2Fv1%2Ftasks(&|$)/);
  const rate = page.getByRole('article', panel('Request rate by endpoint'));
  await expect(rate.getByRole('button', { name: 'POST /api/v1/users/login' })).toBeHidden();
  await expect(rate.getByRole('button', { name: 'POST /api/v1/tasks', exact: true })).toBeVisible();
});

test('a drag across a chart zooms all of them, the back button undoes it', async ({ page }) => {
  const chart = page.getByRole('article', panel('Error rate')).getByRole('img', { name: /over time/ });
  await expect(chart.locator('canvas')).toBeVisible();
  const box = await chart.boundingBox();
  if (!box) throw new Error('expected the chart to have a place on the page');
  await page.mouse.move(box.x + box.width * 0.5, box.y + box.height * 0.4);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.8, box.y + box.height * 0.5, { steps: 5 });
  await page.mouse.up();
  await expect(page).toHaveURL(/from=\d{13}&to=\d{13}/);
  await page.goBack();
  await expect(page).toHaveURL(/from=now-5m/);
});

test('behind a panel stand its queries and values, and its exemplars lead to their traces', async ({
  page,
}) => {
  const duration = page.getByRole('article', panel('Duration: p50, p90, p99'));
  await expect(duration.getByRole('button', panel('p99'))).toBeVisible();
  await duration.hover();
  await duration.getByRole('button', { name: /^Data and queries/ }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog).toContainText('histogram_quantile(0.99');
  await expect(dialog.getByRole('region', { name: 'Values' }).getByRole('row').nth(1)).toContainText('ms');
  await dialog.getByRole('link', { name: 'trace' }).first().click();
  await expect(page).toHaveURL(/\/traces\/[0-9a-f]{32}/);
  await expect(page.getByRole('region', { name: 'Spans' }).getByRole('listitem').first()).toBeVisible();
});

test('a panel alone has an address of its own', async ({ page }) => {
  const rate = page.getByRole('article', panel('Error rate'));
  await rate.hover();
  await rate.getByRole('button', { name: 'View Error rate alone' }).click();
  await expect(page).toHaveURL(/viewPanel=\d+/);
  await expect(page.locator('[data-panel]')).toHaveCount(1);
  await page.getByRole('button', { name: 'Back to the whole dashboard' }).click();
  await expect(page.getByRole('article', panel('Request rate by endpoint'))).toBeVisible();
});

test('Grafana’s addresses lead to the same dashboard', async ({ page }) => {
  await page.goto('/d/application/some-title?from=now-5m&to=now');
  await expect(page).toHaveURL(/\/dashboards\/application\?from=now-5m/);
  await expect(page.getByRole('heading', { name: 'Application', level: 1 })).toBeVisible();
});
