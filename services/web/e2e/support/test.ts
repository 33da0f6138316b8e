/** What every spec of the app starts from: a running task manager (`WEB_URL`), and an account of the test's own. */
import { randomUUID } from 'node:crypto';
import { type APIRequestContext, test as base, expect, type Page } from '@playwright/test';
import type { NewTask, Task, TaskChanges } from 'taskmanager-api/contract';

export { expect } from '@playwright/test';

const HEADERS = { 'x-requested-with': 'taskmanager' };
export const PASSWORD = 'correct horse battery staple';

export interface Account {
  email: string;
  displayName: string;
  createTask(task: Partial<NewTask> & { title: string }): Promise<Task>;
  findTask(title: string): Promise<Task>;
  /** Changes a task behind the page's back, as from another window. */
  changeTask(task: Task, changes: TaskChanges): Promise<Task>;
}

export const test = base.extend<{ account: Account }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's dependencies off its pattern
  baseURL: async ({}, use) => {
    const url = process.env['WEB_URL'];
    if (!url) throw new Error('expected WEB_URL to name a running task manager');
    await use(url);
  },
  /** Registered and logged in: the page's context has its session. */
  account: async ({ context }, use) => {
    const email = `e2e-${randomUUID()}@example.org`;
    const displayName = 'Ada Lovelace';
    const { request } = context;
    await post(request, '/api/v1/users', { email, displayName, password: PASSWORD });
    await post(request, '/api/v1/users/login', { email, password: PASSWORD });
    await use({
      email,
      displayName,
      createTask: (task) => post(request, '/api/v1/tasks', task),
      async findTask(title) {
        const response = await request.get('/api/v1/tasks', { params: { limit: 100 } });
        const { items }: { items: Task[] } = await response.json();
        const task = items.find((each) => each.title === title);
        if (!task) throw new Error(`expected a task “${title}”, got ${items.map((each) => each.title)}`);
        return task;
      },
      async changeTask({ id, version }, data) {
        const response = await request.patch(`/api/v1/tasks/${id}`, {
          data,
          headers: { ...HEADERS, 'if-match': `"${version}"` },
        });
        expect(response.status(), await response.text()).toBe(200);
        return response.json();
      },
    });
  },
});

async function post<T>(request: APIRequestContext, path: string, data: unknown): Promise<T> {
  const response = await request.post(path, { data, headers: HEADERS });
  expect(response.ok(), `${path}: ${response.status()} ${await response.text()}`).toBe(true);
  return response.json();
}

/** Reaches a control with the Tab key, as somebody without a mouse does. */
export async function tabTo(
  page: Page,
  role: Parameters<Page['getByRole']>[0],
  name: string | RegExp,
): Promise<void> {
  const target = page.getByRole(role, { name });
  await expect(target).toBeVisible();
  for (let presses = 0; presses < 80; presses += 1) {
    if ((await target.and(page.locator(':focus')).count()) === 1) return;
    await page.keyboard.press('Tab');
  }
  throw new Error(`expected the Tab key to reach the ${role} ${name}`);
}

/** Collects what the browser holds against the page: uncaught errors, and violations of the content security policy. */
export function watchPage(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    // An answer of the API with an error status is logged as such by the browser, and is no fault of the page.
    const refused = message.text().startsWith('Failed to load resource');
    if (message.type() === 'error' && !refused) complaints.push(message.text());
  });
  return complaints;
}
