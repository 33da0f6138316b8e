import { browserFlags, findBrowser } from '@lab/cli/browser';
import { defineConfig } from '@playwright/test';

const executablePath = findBrowser();

/** Specs that break the lab or judge the whole of it run alone, in this order, after those that only look at pages. */
const ALONE = ['testing/e2e/load.spec.ts', 'testing/e2e/no-empty-panel.spec.ts', 'testing/e2e/chaos.spec.ts'];
const alone = ALONE.map((file, place) => ({
  name: file,
  testMatch: file,
  dependencies: [ALONE[place - 1] ?? 'pages'],
}));

/** One lab for all specs but lab/e2e/lite.spec.ts, which has a configuration of its own: global setup starts it from a fresh copy of this checkout (testing/src/e2e/). */
export default defineConfig({
  testDir: '.',
  projects: [
    {
      name: 'pages',
      testMatch: [
        'services/*/e2e/**/*.spec.ts',
        'workshop/e2e/gallery.spec.ts',
        'testing/e2e/axe.spec.ts',
        'testing/e2e/service-of-ones-own.spec.ts',
      ],
    },
    ...alone,
  ],
  globalSetup: './testing/src/e2e/lab-setup.ts',
  outputDir: 'reports/test/playwright',
  fullyParallel: false,
  workers: 2,
  retries: 0,
  forbidOnly: true,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json']],
  use: {
    locale: 'en-GB',
    timezoneId: 'UTC',
    viewport: { width: 1280, height: 800 },
    // A trace of each test costs a third of the whole time. To look into a failure: npx playwright test FILE --trace on
    screenshot: 'only-on-failure',
    launchOptions: { args: browserFlags(), ...(executablePath ? { executablePath } : {}) },
  },
});
