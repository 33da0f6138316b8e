import { expect, PASSWORD, test, watchPage } from './support/test.ts';

test('a list that cannot be loaded says what happened and which id to quote, and comes back on demand', async ({
  page,
  account,
}) => {
  await account.createTask({ title: 'Buy milk' });
  let broken = true;
  let sentId: string | undefined;
  await page.route('**/api/v1/tasks?*', async (route) => {
    sentId = await route
      .request()
      .headerValue('x-request-id')
      .then((id) => id ?? undefined);
    if (!broken) return route.fallback();
    return route.fulfill({
      status: 503,
      headers: { 'retry-after': '3', 'x-request-id': sentId ?? '' },
      body: '',
    });
  });
  await page.goto('/');
  const notice = page.getByRole('alert');
  await expect(notice).toContainText('The service is not available right now');
  await expect(notice).toContainText('Try again in 3 seconds.');
  expect(sentId).toMatch(/^[0-9a-f]{32}$/);
  await expect(notice.locator('code')).toHaveText(sentId ?? '');
  await expect(page.getByRole('heading', { name: 'No tasks yet' })).toBeHidden();
  broken = false;
  await notice.getByRole('button', { name: 'Try again' }).click();
  await expect(page.getByRole('link', { name: 'Buy milk' })).toBeVisible();
});

test('the filter is in the address: reload and the way back keep it', async ({ page, account }) => {
  await account.createTask({ title: 'Buy milk' });
  await account.createTask({ title: 'Buy bread' });
  await page.goto('/');
  await page.getByRole('searchbox').fill('bread');
  await expect(page.getByRole('link', { name: 'Buy milk' })).toBeHidden();
  await page
    .getByRole('navigation', { name: 'Filter by status' })
    .getByRole('link', { name: 'Open' })
    .click();
  await expect(page).toHaveURL(/status=open&q=bread/);
  await page.reload();
  await expect(page.getByRole('searchbox')).toHaveValue('bread');
  await expect(page.getByRole('link', { name: 'Buy bread' })).toBeVisible();
  await page
    .getByRole('navigation', { name: 'Filter by status' })
    .getByRole('link', { name: 'Completed' })
    .click();
  await expect(page.getByRole('heading', { name: 'No task matches' })).toBeVisible();
  await page.goBack();
  await expect(page.getByRole('link', { name: 'Buy bread' })).toBeVisible();
  await page.getByRole('searchbox').fill('');
  await expect(page.getByRole('link', { name: 'Buy milk' })).toBeVisible();
});

test('typing asks once, for what was typed in the end', async ({ page, account }) => {
  await account.createTask({ title: 'Buy milk' });
  await page.clock.install();
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Buy milk' })).toBeVisible();
  const asked: string[] = [];
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (url.pathname === '/api/v1/tasks') asked.push(url.searchParams.get('q') ?? '');
  });
  // However slowly the keys come on a busy machine, for the page no time passes between them.
  await page.clock.pauseAt(Date.now() + 60_000);
  await page.getByRole('searchbox').pressSequentially('dentist');
  expect(asked).toEqual([]);
  await page.clock.resume();
  await expect(page.getByRole('heading', { name: 'No task matches' })).toBeVisible();
  expect(asked).toEqual(['dentist']);
});

test('more tasks come page by page, each once, and the focus goes to the first new one', async ({
  page,
  account,
}) => {
  for (let number = 1; number <= 23; number += 1) await account.createTask({ title: `Task ${number}` });
  await page.goto('/');
  const rows = page.getByRole('list', { name: 'Tasks' }).locator(':scope > li');
  await expect(rows).toHaveCount(20);
  await page.getByRole('button', { name: 'Load more' }).click();
  await expect(rows).toHaveCount(23);
  await expect(page.getByRole('link', { name: 'Task 3', exact: true })).toBeFocused();
  await expect(page.getByRole('button', { name: 'Load more' })).toBeHidden();
});

test('a completed task leaves the list of open ones, and the focus stays in the list', async ({
  page,
  account,
}) => {
  await account.createTask({ title: 'Buy bread' });
  await account.createTask({ title: 'Buy milk' });
  await page.goto('/?status=open');
  await page.getByRole('button', { name: 'Complete “Buy milk”' }).press('Enter');
  await expect(page.getByRole('link', { name: 'Buy milk' })).toBeHidden();
  await expect(page.getByRole('link', { name: 'Buy bread' })).toBeFocused();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(page.getByRole('link', { name: 'Buy milk' })).toBeVisible();
});

test('taking the saved version in a conflict puts it into the form', async ({ page, account }) => {
  const task = await account.createTask({ title: 'Buy milk' });
  await page.goto(`/tasks/${task.id}`);
  await page.getByLabel('Title').fill('Buy oat milk');
  await account.changeTask(task, { title: 'Buy bread' });
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('button', { name: 'Use the saved version' }).click();
  await expect(page.getByLabel('Title')).toHaveValue('Buy bread');
  await page.getByLabel('Title').fill('Buy rye bread');
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('link', { name: 'Buy rye bread' })).toBeVisible();
});

test('turning back from a conflict keeps what was typed', async ({ page, account }) => {
  const task = await account.createTask({ title: 'Buy milk' });
  await page.goto(`/tasks/${task.id}`);
  await page.getByLabel('Title').fill('Buy oat milk');
  await account.changeTask(task, { title: 'Buy bread' });
  await page.getByRole('button', { name: 'Save' }).click();
  await expect(page.getByRole('dialog', { name: 'Changed in the meantime' })).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByLabel('Title')).toHaveValue('Buy oat milk');
});

test('a session that ends while a task is written costs nothing of it', async ({ page, account }) => {
  await page.goto('/tasks/new');
  await page.getByLabel('Title').fill('A long thought');
  await page.context().clearCookies();
  await page.getByRole('button', { name: 'Create' }).click();
  const dialog = page.getByRole('dialog', { name: 'Your session has ended' });
  await dialog.getByLabel(`Password of ${account.email}`).fill('not the password');
  await dialog.getByRole('button', { name: 'Log in' }).click();
  await expect(dialog).toContainText('The password is wrong.');
  await dialog.getByLabel(`Password of ${account.email}`).fill(PASSWORD);
  await dialog.getByRole('button', { name: 'Log in' }).click();
  await expect(dialog).toBeHidden();
  await expect(page.getByLabel('Title')).toHaveValue('A long thought');
  await page.getByRole('button', { name: 'Create' }).click();
  await expect(page.getByRole('link', { name: 'A long thought' })).toBeVisible();
});

test('whoever has to log in first gets to where they wanted to go', async ({ page, account }) => {
  const task = await account.createTask({ title: 'Buy milk' });
  await page.context().clearCookies();
  await page.goto(`/tasks/${task.id}?status=open`);
  await page.getByLabel('E-mail').fill(account.email);
  await page.getByLabel('Password').fill('not the password');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('alert')).toHaveText('E-mail or password is wrong.');
  await page.getByLabel('Password').fill(PASSWORD);
  await page.keyboard.press('Enter');
  await expect(page.getByLabel('Title')).toHaveValue('Buy milk');
  await expect(page).toHaveURL(new RegExp(`/tasks/${task.id}\\?status=open$`));
});

test('a task that is gone is said to be gone', async ({ page, account }) => {
  const task = await account.createTask({ title: 'Buy milk' });
  await page.goto('/');
  await expect(page.getByRole('link', { name: 'Buy milk' })).toBeVisible();
  await page.request.delete(`/api/v1/tasks/${task.id}`, { headers: { 'x-requested-with': 'taskmanager' } });
  await page.getByRole('button', { name: 'Complete “Buy milk”' }).click();
  await expect(page.getByRole('status')).toContainText('“Buy milk” was deleted elsewhere');
  await expect(page.getByRole('heading', { name: 'No tasks yet' })).toBeVisible();
});

test('what the worker delivers is told: an assignment, a completed task', async ({ page, account }) => {
  await account.createTask({ title: 'Buy milk', assigneeEmail: account.email });
  await page.goto('/');
  await page.getByRole('button', { name: 'Complete “Buy milk”' }).click();
  await page.getByRole('link', { name: 'Notifications' }).click();
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    const list = page.getByRole('list', { name: 'Notifications' });
    await expect(list).toContainText('Assigned to you', { timeout: 500 });
    await expect(list).toContainText('Completed', { timeout: 500 });
  }).toPass();
});

test('text that looks like markup is shown as text', async ({ page, account }) => {
  const complaints = watchPage(page);
  const title = '<img src=x onerror=alert(1)>“"\'&amp;';
  await account.createTask({ title, description: '<script>alert(2)</script>' });
  await page.goto('/');
  await expect(page.getByRole('link', { name: title })).toBeVisible();
  expect(complaints).toEqual([]);
});
