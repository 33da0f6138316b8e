/**
 * What every spec of the console starts from: a running lab (`CONSOLE_URL`, `WEB_URL`) with traffic of the test's own in it, and
 * a page on which any script error or breach of the Content-Security-Policy fails the test.
 */
import { randomUUID } from 'node:crypto';
import { test as base, expect } from '@playwright/test';

export { expect } from '@playwright/test';

const TASK_HEADERS = { 'x-requested-with': 'taskmanager' };
const PASSWORD = 'correct horse battery staple';

/** One request that went through web, api and database, to be found in every signal. */
export interface Traffic {
  requestId: string;
  taskTitle: string;
  /** Makes another one and returns its id. */
  request(): Promise<string>;
}

function url(name: 'CONSOLE_URL' | 'WEB_URL'): string {
  const value = process.env[name];
  if (!value) throw new Error(`expected ${name} to name a part of a running lab`);
  return value;
}

/** Failing requests are what some tests are about; everything else on the browser's console is a defect. */
const EXPECTED = /Failed to load resource/;

export const test = base.extend<{ faultless: undefined; console: ConsoleApi }, { traffic: Traffic }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads a fixture's dependencies off its pattern
  baseURL: async ({}, use) => {
    await use(url('CONSOLE_URL'));
  },

  faultless: [
    async ({ page }, use) => {
      const faults: string[] = [];
      page.on('pageerror', (error) => faults.push(error.message));
      page.on('console', (message) => {
        if (message.type() === 'error' && !EXPECTED.test(message.text())) faults.push(message.text());
      });
      await use(undefined);
      expect(faults, 'script errors and breaches of the Content-Security-Policy').toEqual([]);
    },
    { auto: true },
  ],

  console: async ({ request }, use) => {
    await use({
      /** What Alertmanager would post to the channel. */
      async notify(channel, attachment) {
        const response = await request.post(`/hooks/slack/${channel}`, {
          data: { username: 'Alertmanager', attachments: [attachment] },
        });
        expect(response.status(), await response.text()).toBe(200);
      },
      async get(path) {
        const response = await request.get(path);
        expect(response.status(), await response.text()).toBe(200);
        return response.json();
      },
    });
  },

  traffic: [
    async ({ playwright }, use) => {
      const context = await playwright.request.newContext({
        baseURL: url('WEB_URL'),
        extraHTTPHeaders: TASK_HEADERS,
      });
      const email = `console-e2e-${randomUUID()}@example.org`;
      const post = async (path: string, data: unknown, headers = {}) => {
        const response = await context.post(path, { data, headers });
        expect(response.ok(), `${path}: ${response.status()} ${await response.text()}`).toBe(true);
      };
      await post('/api/v1/users', { email, displayName: 'Console E2E', password: PASSWORD });
      await post('/api/v1/users/login', { email, password: PASSWORD });
      const requestId = `e2e-${randomUUID()}`;
      const taskTitle = '<script>window.taken = "task"</script>';
      await post('/api/v1/tasks', { title: taskTitle }, { 'x-request-id': requestId });
      const request = async () => {
        const id = `e2e-${randomUUID()}`;
        const response = await context.get('/api/v1/tasks', { headers: { 'x-request-id': id } });
        expect(response.status()).toBe(200);
        return id;
      };
      // A rate needs several samples that differ, over more than one scrape.
      for (let count = 0; count < 20; count += 1) await request();
      await use({ requestId, taskTitle, request });
      await context.dispose();
    },
    { scope: 'worker' },
  ],
});

export interface ConsoleApi {
  notify(channel: string, attachment: Record<string, unknown>): Promise<void>;
  get<T>(path: string): Promise<T>;
}
