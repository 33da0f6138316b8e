import { randomUUID } from 'node:crypto';
import { expect, test } from './support/test.ts';

test('messages look as in their channel, are found by words and told apart by status', async ({
  page,
  console,
}) => {
  const word = `e2e${randomUUID().slice(0, 8)}`;
  const attachment = (title: string, color: string) => ({
    title: `${title} ${word}`,
    color,
    text: `*The API answers slowly*\n<${process.env['CONSOLE_URL']}/runbooks/SlowAPIResponse|Runbook>`,
  });
  await console.notify('alerts', attachment('[FIRING:1] WARNING SlowAPIResponse', 'warning'));
  await console.notify('alerts', attachment('[RESOLVED] WARNING SlowAPIResponse', 'good'));

  await page.goto('/inbox');
  await page.getByRole('searchbox', { name: 'Search messages' }).fill(word);
  const messages = page.getByRole('article');
  await expect(messages).toHaveCount(2);
  await expect(messages.nth(0)).toContainText('resolved');
  await expect(messages.nth(1)).toContainText('firing');

  await page.getByText('Firing', { exact: true }).click();
  await expect(messages).toHaveCount(1);
  await expect(page).toHaveURL(/status=firing/);
  await messages.getByRole('link', { name: 'Runbook' }).click();
  await expect(page.getByRole('heading', { name: 'SlowAPIResponse', level: 1 })).toBeVisible();
});

test('a search without a hit says so, unlike an inbox that got nothing', async ({ page }) => {
  await page.goto('/inbox?q=no-message-holds-this');
  await expect(page.getByText('No message fits')).toBeVisible();
});
