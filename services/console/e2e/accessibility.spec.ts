import type { Page } from '@playwright/test';
import { expectAccessible } from './support/accessibility.ts';
import { expect, type Traffic, test } from './support/test.ts';

/** Each page, and what shows that it has its data. */
const PAGES: Record<
  string,
  { path: string | ((traffic: Traffic) => string); ready: (page: Page) => Promise<void> }
> = {
  overview: {
    path: '/',
    ready: (page) => expect(page.getByRole('region', { name: 'Parts' })).toContainText('taskmanager-api'),
  },
  alerts: {
    path: '/alerts?alert=Watchdog',
    ready: (page) => expect(page.getByRole('heading', { name: 'Meaning' })).toBeVisible(),
  },
  rules: {
    path: '/alerts/rules',
    ready: (page) => page.getByText('HighErrorRate', { exact: true }).click(),
  },
  silences: {
    path: '/alerts/silences',
    ready: (page) => expect(page.getByText(/silence/i).first()).toBeVisible(),
  },
  routing: {
    path: '/alerts/routing',
    ready: (page) => page.getByText('Configuration as loaded').click(),
  },
  'silence form': {
    path: '/alerts?silence=alertname%3D%22X%22',
    ready: (page) => expect(page.getByRole('dialog')).toBeVisible(),
  },
  runbook: {
    path: '/runbooks/HighErrorRate',
    ready: (page) => expect(page.getByRole('heading', { name: 'Meaning' })).toBeVisible(),
  },
  inbox: {
    path: '/inbox',
    ready: (page) => expect(page.getByRole('region', { name: 'Messages' })).toBeVisible(),
  },
  experiments: {
    path: '/experiments',
    ready: (page) => expect(page.getByRole('heading', { level: 1 })).toBeVisible(),
  },
  dashboards: {
    path: '/dashboards',
    ready: (page) => expect(page.getByRole('link', { name: 'Application' })).toBeVisible(),
  },
  dashboard: {
    path: '/dashboards/application?from=now-5m&to=now',
    ready: (page) => expect(page.locator('canvas').first()).toBeVisible(),
  },
  'data behind a panel': {
    path: '/dashboards/application?from=now-5m&to=now',
    ready: async (page) => {
      const panel = page.getByRole('article', { name: 'Error rate', exact: true });
      await panel.hover();
      await panel.getByRole('button', { name: /^Data and queries/ }).click();
      await expect(page.getByRole('dialog').getByRole('table')).toBeVisible();
    },
  },
  logs: {
    path: ({ requestId }) => `/logs?q=http.request.id%3A${requestId}`,
    ready: (page) =>
      page
        .getByRole('region', { name: 'Log lines' })
        .getByRole('listitem')
        .first()
        .getByRole('button')
        .first()
        .click(),
  },
  traces: {
    path: ({ requestId }) => `/traces?tags=http.request.id%3D${requestId}`,
    ready: (page) => expect(page.getByRole('link', { name: /GET|POST/ }).first()).toBeVisible(),
  },
  trace: {
    path: ({ requestId }) => `/traces?tags=http.request.id%3D${requestId}`,
    ready: async (page) => {
      await page
        .getByRole('link', { name: /GET|POST/ })
        .first()
        .click();
      await page
        .getByRole('region', { name: 'Spans' })
        .getByRole('button', { name: /^(?!\d+ spans).*(GET|POST)/ })
        .first()
        .click();
      await expect(page.getByRole('complementary', { name: /^Span/ })).toBeVisible();
    },
  },
  'service graph': {
    path: '/traces/graph',
    ready: (page) =>
      expect(page.getByRole('region', { name: 'Connections' })).toContainText('taskmanager-api'),
  },
  'list of shortcuts': {
    path: '/',
    ready: async (page) => {
      await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      await expect(page.getByRole('dialog')).toBeVisible();
    },
  },
};

for (const [name, { path, ready }] of Object.entries(PAGES))
  test(`${name}: no finding of axe, light and dark, wide and narrow`, async ({ page, traffic }) => {
    await traffic.request();
    await page.goto(typeof path === 'string' ? path : path(traffic));
    await ready(page);
    await expectAccessible(page);
  });
