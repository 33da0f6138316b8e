import { defineConfig } from '@playwright/test';
import { browserFlags, findBrowser } from './testing/src/browser.ts';

const executablePath = findBrowser();

/** One lab for all specs: global setup starts it from a fresh copy of this checkout (testing/src/e2e/). */
export default defineConfig({
  testDir: '.',
  testMatch: ['services/*/e2e/**/*.spec.ts', 'lab/e2e/**/*.spec.ts', 'testing/e2e/**/*.spec.ts'],
  globalSetup: './testing/src/e2e/lab-setup.ts',
  outputDir: 'reports/test/playwright',
  fullyParallel: false,
  workers: 1,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json']],
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    trace: 'retain-on-failure',
    launchOptions: { args: browserFlags(), ...(executablePath ? { executablePath } : {}) },
  },
});
