import { randomUUID } from 'node:crypto';
import { expect, test } from './support/test.ts';

test('the watchdog fires, reaches the dead-man’s switch, and its runbook opens beside it', async ({
  page,
}) => {
  await page.goto('/alerts');
  const watchdog = page.getByRole('article').filter({ has: page.getByRole('heading', { name: 'Watchdog' }) });
  await expect(watchdog).toContainText('active for');
  await expect(watchdog).toContainText('to dead-mans-switch');
  await watchdog.getByRole('button', { name: 'Runbook' }).click();
  await expect(watchdog.getByRole('heading', { name: 'Meaning' })).toBeVisible();
});

test('an alert leads to its dashboard, at the time since it began', async ({ page }) => {
  await page.goto('/alerts');
  const watchdog = page.getByRole('article').filter({ has: page.getByRole('heading', { name: 'Watchdog' }) });
  await watchdog.getByRole('link', { name: 'Dashboard' }).click();
  await expect(page).toHaveURL(/\/dashboards\/lab-health\?from=\d{13}&to=now/);
  await expect(page.getByRole('heading', { name: 'Lab health', level: 1 })).toBeVisible();
});

test('every alert of the exercise is among the rules, with its state and expression', async ({ page }) => {
  await page.goto('/alerts/rules');
  for (const name of ['HighErrorRate', 'SlowAPIResponse', 'HighDatabaseLatency'])
    await expect(page.getByText(name, { exact: true })).toBeVisible();
  await page.getByRole('searchbox', { name: 'Search rules' }).fill('HighErrorRate');
  await page.getByText('HighErrorRate', { exact: true }).click();
  await expect(page.getByText('rate(http_requests_total{job="taskmanager-backend"').first()).toBeVisible();
  await page.getByRole('link', { name: 'Runbook' }).click();
  await expect(page.getByRole('heading', { name: 'HighErrorRate', level: 1 })).toBeVisible();
});

test('routing shows who hears of what, as Alertmanager has loaded it', async ({ page }) => {
  await page.goto('/alerts/routing');
  const tree = page.getByRole('region', { name: 'Routing tree' });
  await expect(tree.getByRole('listitem').filter({ hasText: 'alertname="Watchdog"' }).last()).toContainText(
    'dead-mans-switch',
  );
  await expect(page.getByRole('region', { name: 'Receivers' })).toContainText('slack-critical');
});

test('a notification’s Silence link fills the form; the silence is set, seen and expired', async ({
  page,
}) => {
  const alert = `E2E${randomUUID().slice(0, 8)}`;
  await page.goto(`/alerts?silence=${encodeURIComponent(`alertname="${alert}",service="nobody"`)}`);
  const dialog = page.getByRole('dialog', { name: 'New silence' });
  await expect(dialog.getByLabel('Matchers: every one must hold')).toHaveValue(
    `alertname="${alert}", service="nobody"`,
  );
  await dialog.getByLabel('Your name').fill('e2e');
  await dialog.getByLabel('Why').fill('<b>tried out</b>');
  await dialog.getByRole('button', { name: 'Silence', exact: true }).click();
  await expect(dialog).toBeHidden();

  await page.getByRole('link', { name: 'Silences' }).click();
  const card = page
    .getByRole('listitem')
    .filter({ hasText: `alertname="${alert}"` })
    .first();
  await expect(card).toContainText('<b>tried out</b>');
  await card.getByRole('button', { name: 'Expire' }).click();
  await expect(card).toBeHidden();
  await page.getByText(/expired silence/).click();
  await expect(page.getByRole('listitem').filter({ hasText: alert }).first()).toContainText('expired');
});

test('a silence that cannot be is refused in the form, with the reason', async ({ page }) => {
  await page.goto('/alerts');
  await page.getByRole('button', { name: 'New silence' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Matchers: every one must hold').fill('not a matcher');
  await dialog.getByLabel('Your name').fill('e2e');
  await dialog.getByLabel('Why').fill('x');
  await dialog.getByRole('button', { name: 'Silence', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('expected name="value"');
  await dialog.getByLabel('Matchers: every one must hold').fill('alertname=~".*"');
  await dialog.getByRole('button', { name: 'Silence', exact: true }).click();
  await expect(dialog.getByRole('alert')).toContainText('does not match everything');
});
