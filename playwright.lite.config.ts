import { defineConfig } from '@playwright/test';
import everything from './playwright.config.ts';

const { globalSetup: _, ...rest } = everything;

/** lite.spec.ts starts and stops labs of its own: it needs none beside them, and waits most of its time. */
export default defineConfig({
  ...rest,
  projects: [{ name: 'own-labs', testMatch: 'lab/e2e/lite.spec.ts' }],
  outputDir: 'reports/test/playwright-lite',
  workers: 1,
});
