import { axeFindings } from '@lab/testing/axe';
import type { Page } from '@playwright/test';
import { type Account, expect, test } from './support/test.ts';

const HOUR = 3_600_000;
const SIZES = [
  { width: 1280, height: 800 },
  { width: 390, height: 844 },
];

/** Each state of each page, and how to get there. */
const VIEWS: Record<string, (page: Page, account: Account) => Promise<void>> = {
  'list with every kind of task': async (page) => {
    await page.goto('/');
    await expect(page.getByRole('link', { name: 'Overdue task' })).toBeVisible();
  },
  'list without a match': async (page) => {
    await page.goto('/?q=nothing-like-it&status=open');
    await expect(page.getByRole('heading', { name: 'No task matches' })).toBeVisible();
  },
  'list that could not be loaded': async (page) => {
    await page.route('**/api/v1/tasks?*', (route) => route.abort());
    await page.goto('/');
    await expect(page.getByRole('alert')).toContainText('The server cannot be reached');
  },
  'list on its way': async (page) => {
    await page.route('**/api/v1/tasks?*', () => {});
    await page.goto('/');
    await expect(page.getByText('Loading tasks…')).toBeAttached();
  },
  'new task with wrong fields': async (page) => {
    await page.goto('/tasks/new');
    await page.getByLabel('Assign to').fill('nobody');
    await page.getByRole('button', { name: 'Create' }).click();
    await expect(page.getByLabel('Title')).toBeFocused();
  },
  'task being edited, then in conflict': async (page, account) => {
    await page.goto('/');
    await page.getByRole('link', { name: 'Plain task' }).click();
    await page.getByLabel('Title').fill('Mine');
    await account.changeTask(await account.findTask('Plain task'), { title: 'Theirs' });
    await page.getByRole('button', { name: 'Save' }).click();
    await expect(page.getByRole('dialog', { name: 'Changed in the meantime' })).toBeVisible();
  },
  'question before a delete': async (page) => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Delete “Plain task”' }).click();
    await expect(page.getByRole('alertdialog')).toBeVisible();
  },
  'message with a way back': async (page) => {
    await page.goto('/');
    await page.getByRole('button', { name: 'Complete “Plain task”' }).click();
    await expect(page.getByRole('button', { name: 'Undo' })).toBeVisible();
  },
  notifications: async (page) => {
    await page.goto('/notifications');
    await expect(async () => {
      await page.getByRole('button', { name: 'Refresh' }).click();
      await expect(page.getByRole('list', { name: 'Notifications' })).toBeVisible({ timeout: 500 });
    }).toPass();
  },
  'session that ended': async (page, _account) => {
    await page.goto('/');
    await expect(page.getByRole('link', { name: 'Plain task' })).toBeVisible();
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Complete “Plain task”' }).click();
    await expect(page.getByRole('dialog', { name: 'Your session has ended' })).toBeVisible();
  },
  'address that is no page': async (page) => {
    await page.goto('/no/such/page');
    await expect(page.getByRole('heading', { name: 'Page not found' })).toBeVisible();
  },
  'login refused': async (page) => {
    await page.context().clearCookies();
    await page.goto('/login');
    await page.getByRole('button', { name: 'Log in' }).click();
    await expect(page.getByText('E-mail or password is wrong.')).toBeVisible();
  },
  'register with wrong fields': async (page) => {
    await page.context().clearCookies();
    await page.goto('/register');
    await page.getByRole('button', { name: 'Register' }).click();
    await expect(page.getByLabel('Name')).toBeFocused();
  },
};

for (const [name, open] of Object.entries(VIEWS)) {
  test(`${name}: no finding of axe, light and dark, wide and narrow`, async ({ page, account }) => {
    await account.createTask({ title: 'Plain task' });
    await account.createTask({
      title: 'Overdue task',
      priority: 'high',
      description: 'With a description',
      dueAt: new Date(Date.now() - HOUR).toISOString(),
      assigneeEmail: account.email,
    });
    await account.createTask({
      title: 'x'.repeat(200),
      priority: 'low',
      dueAt: new Date(Date.now() + HOUR).toISOString(),
    });
    await open(page, account);
    for (const viewport of SIZES) {
      await page.setViewportSize(viewport);
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
        expect(await axeFindings(page), `${colorScheme}, ${viewport.width} px`).toEqual([]);
      }
      const overflow = await page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(overflow, `nothing wider than ${viewport.width} px`).toBeLessThanOrEqual(0);
    }
  });
}
