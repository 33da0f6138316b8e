import { randomUUID } from 'node:crypto';
import { expect, PASSWORD, tabTo, test, watchPage } from './support/test.ts';

test('a life of a task without a mouse: register, create, search, edit, conflict, complete, delete', async ({
  page,
}) => {
  const complaints = watchPage(page);
  const type = (text: string) => page.keyboard.type(text);
  const press = (key: string) => page.keyboard.press(key);

  await test.step('register', async () => {
    await page.goto('/');
    await expect(page).toHaveURL(/\/login$/);
    await tabTo(page, 'link', 'Register');
    await press('Enter');
    await tabTo(page, 'textbox', 'Name');
    await type('Ada Lovelace');
    await press('Tab');
    await type(`e2e-${randomUUID()}@example.org`);
    await press('Tab');
    await type(PASSWORD);
    await press('Enter');
    await expect(page.getByRole('heading', { name: 'No tasks yet' })).toBeVisible();
  });

  await test.step('create: the first field has the focus, a wrong one gets it back', async () => {
    for (const title of ['Call the dentist', 'Buy milk']) {
      await tabTo(page, 'link', 'New task');
      await press('Enter');
      await expect(page.getByLabel('Title')).toBeFocused();
      await press('Enter');
      await expect(page.getByLabel('Title')).toBeFocused();
      await expect(page.getByLabel('Title')).toHaveAccessibleDescription(
        'Give it a title of 1 to 200 characters.',
      );
      await type(title);
      await press('Enter');
      await expect(page.getByRole('link', { name: title })).toBeVisible();
    }
  });

  await test.step('search: the address follows, and the list', async () => {
    await tabTo(page, 'searchbox', 'Search tasks');
    await type('milk');
    await expect(page).toHaveURL(/\?q=milk$/);
    await expect(page.getByRole('list', { name: 'Tasks' }).getByRole('listitem')).toHaveCount(1);
  });

  await test.step('edit, while somebody else does: both versions are shown', async () => {
    await tabTo(page, 'link', 'Buy milk');
    await press('Enter');
    await expect(page.getByLabel('Title')).toBeFocused();
    await page.keyboard.press('ControlOrMeta+A');
    await type('Buy oat milk');
    await tabTo(page, 'combobox', 'Priority');
    await press('h');

    const id = new URL(page.url()).pathname.split('/').at(-1);
    const elsewhere = await page.request.patch(`/api/v1/tasks/${id}`, {
      data: { title: 'Buy bread', description: 'Wholemeal' },
      headers: { 'x-requested-with': 'taskmanager', 'if-match': '"1"' },
    });
    expect(elsewhere.status()).toBe(200);

    await tabTo(page, 'button', 'Save');
    await press('Enter');
    const dialog = page.getByRole('dialog', { name: 'Changed in the meantime' });
    await expect(dialog.getByRole('row', { name: 'Title' })).toContainText('Buy breadBuy oat milk');
    await expect(dialog.getByRole('row', { name: 'Priority' })).toContainText('normalhigh');
    await tabTo(page, 'button', 'Save my version');
    await press('Enter');
    await expect(dialog).toBeHidden();
  });

  await test.step('what both sides wanted is there, and the focus is where the dialog was opened', async () => {
    const row = page.getByRole('listitem').filter({ hasText: 'Buy oat milk' });
    await expect(row).toContainText('Wholemeal');
    await expect(row).toContainText('High priority');
    await expect(page).toHaveURL(/\/\?q=milk$/);
    await expect(page.getByRole('link', { name: 'Buy oat milk' })).toBeFocused();
  });

  await test.step('complete, and take it back', async () => {
    await tabTo(page, 'button', 'Complete “Buy oat milk”');
    await press('Space');
    await expect(page.getByRole('status')).toContainText('Completed “Buy oat milk”');
    await tabTo(page, 'button', 'Undo');
    await press('Enter');
    await expect(page.getByRole('button', { name: 'Complete “Buy oat milk”' })).toBeVisible();
  });

  await test.step('delete: asked first, Escape keeps it', async () => {
    await tabTo(page, 'button', 'Delete “Buy oat milk”');
    await press('Enter');
    const dialog = page.getByRole('alertdialog', { name: 'Delete this task?' });
    await expect(dialog.getByRole('button', { name: 'Keep it' })).toBeFocused();
    await press('Escape');
    await expect(dialog).toBeHidden();
    await expect(page.getByRole('button', { name: 'Delete “Buy oat milk”' })).toBeFocused();
    await press('Enter');
    await tabTo(page, 'button', /^Delete$/);
    await press('Enter');
    await expect(page.getByRole('link', { name: 'Buy oat milk' })).toBeHidden();
    await expect(page.getByRole('heading', { name: 'No task matches' })).toBeVisible();
  });

  await test.step('log out', async () => {
    await tabTo(page, 'button', 'Log out');
    await press('Enter');
    await expect(page.getByRole('heading', { name: 'Log in' })).toBeVisible();
  });
  expect(complaints).toEqual([]);
});
