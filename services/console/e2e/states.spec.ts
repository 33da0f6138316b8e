/** Loading, nothing, failed and unknown never look alike; what is old is marked as old. */
import type { Lab } from '../src/contract/lab.ts';
import type { Overview } from '../src/contract/overview.ts';
import { expect, test } from './support/test.ts';

const PROBLEM = {
  status: 502,
  contentType: 'application/problem+json',
  body: JSON.stringify({
    type: 'about:blank',
    title: 'A tool behind the console cannot be reached',
    status: 502,
    detail: 'Prometheus: connection refused',
    requestId: 'e2e-12345678',
  }),
};

test('an answer on its way is a placeholder, a refused one an alert with the reason and a way back', async ({
  page,
}) => {
  let answer = false;
  await page.route('**/api/inbox?*', (route) => {
    if (answer) return route.fallback();
    return undefined;
  });
  await page.goto('/inbox');
  await expect(page.getByRole('status').filter({ hasText: 'Loading messages' })).toBeAttached();
  await page.unroute('**/api/inbox?*');
  await page.route('**/api/inbox?*', (route) => (answer ? route.fallback() : route.fulfill(PROBLEM)));
  await page.reload();
  const failure = page.getByRole('alert').filter({ hasText: 'Could not load messages' });
  await expect(failure).toContainText('Prometheus: connection refused');
  await expect(failure).toContainText('e2e-12345678');
  answer = true;
  await failure.getByRole('button', { name: 'Try again' }).click();
  await expect(failure).toBeHidden();
});

test('what Prometheus cannot be asked is unknown, not zero and not calm', async ({ page, console }) => {
  const overview = await console.get<Overview>('/api/overview');
  const unknown = { status: 'unknown' as const, reason: 'Prometheus: connection refused' };
  await page.route('**/api/overview', (route) =>
    route.fulfill({
      json: {
        ...overview,
        alerts: unknown,
        objectives: unknown,
        traffic: unknown,
        partsSource: unknown,
        parts: overview.parts.map((part) => ({ ...part, state: 'unknown', detail: unknown.reason })),
      } satisfies Overview,
    }),
  );
  await page.goto('/');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Alerts unknown');
  for (const what of ['Traffic unknown', 'Alerts unknown', 'Objectives unknown'])
    await expect(page.getByRole('status').filter({ hasText: what })).toContainText('connection refused');
  await expect(page.getByText('All quiet')).toBeHidden();
  await expect(page.getByRole('main').getByText(/^0/)).toHaveCount(0);
});

test('a panel whose query is refused says why, and the others go on', async ({ page }) => {
  await page.route('**/api/prometheus/query_range?*', (route) =>
    new URL(route.request().url()).searchParams.get('query')?.includes('status_code=~')
      ? route.fulfill(PROBLEM)
      : route.fallback(),
  );
  await page.goto('/dashboards/application?from=now-5m&to=now');
  await expect(
    page.getByRole('article', { name: 'Error rate', exact: true }).getByRole('alert'),
  ).toContainText('connection refused');
  await expect(
    page.getByRole('article', { name: 'Request rate by endpoint', exact: true }).locator('canvas'),
  ).toBeVisible();
});

test('data that could not be refreshed stays, and says since when it is old', async ({ page }) => {
  await page.goto('/alerts/rules');
  await expect(page.getByText('HighErrorRate', { exact: true })).toBeVisible();
  await page.route('**/api/rules', (route) => route.fulfill(PROBLEM));
  await expect(async () => {
    await page.keyboard.press('r');
    const stale = page.getByRole('status').filter({ hasText: /Not refreshed since \d\d:/ });
    await expect(stale).toBeVisible({ timeout: 2000 });
  }).toPass();
  await expect(page.getByText('HighErrorRate', { exact: true })).toBeVisible();
});

test('a silent dead-man’s switch is announced on every page', async ({ page, console }) => {
  const lab = await console.get<Lab>('/api/lab');
  const silentSince = new Date(Date.now() - 300_000).toISOString();
  const silent = { ...lab.deadMansSwitch, state: 'silent' as const, silentSince, lastSeenAt: silentSince };
  await page.route('**/api/lab', (route) => route.fulfill({ json: { ...lab, deadMansSwitch: silent } }));
  for (const path of ['/', '/alerts', '/inbox', '/experiments', '/dashboards', '/logs', '/traces']) {
    await page.goto(path);
    await expect(page.getByRole('alert').filter({ hasText: 'The alert path is silent' })).toContainText(
      '5 m',
    );
  }
});

test('a server that is gone is announced, and what was seen stays', async ({ page, context }) => {
  await page.goto('/');
  await expect(page.getByRole('region', { name: 'Parts' })).toContainText('taskmanager-api');
  await context.setOffline(true);
  await page.keyboard.press('r');
  await expect(page.getByRole('alert').filter({ hasText: 'may be out of date' })).toContainText(
    'does not answer',
  );
  await expect(page.getByRole('region', { name: 'Parts' })).toContainText('taskmanager-api');
  await context.setOffline(false);
  await page.keyboard.press('r');
  await expect(page.getByRole('alert').filter({ hasText: 'may be out of date' })).toBeHidden();
});

test('in full mode dashboards, logs and traces are links to the tools that do it', async ({
  page,
  console,
}) => {
  const lab = await console.get<Lab>('/api/lab');
  const full: Lab = {
    ...lab,
    mode: 'full',
    features: { logs: false, traces: false, dashboards: false },
    tools: [
      ...lab.tools,
      { name: 'grafana', title: 'Grafana', url: 'http://127.0.0.1:3000', shows: ['dashboards', 'logs'] },
      { name: 'kibana', title: 'Kibana', url: 'http://127.0.0.1:5601', shows: ['logs'] },
      { name: 'jaeger', title: 'Jaeger', url: 'http://127.0.0.1:16686', shows: ['traces'] },
    ],
  };
  await page.route('**/api/lab', (route) => route.fulfill({ json: full }));
  await page.goto('/');
  const pages = page.getByRole('navigation', { name: 'Pages' });
  for (const [name, port] of [
    ['Dashboards', 3000],
    ['Logs', 5601],
    ['Traces', 16686],
  ] as const)
    await expect(pages.getByRole('link', { name })).toHaveAttribute('href', `http://127.0.0.1:${port}`);
  await page.goto('/logs');
  await expect(page.getByRole('link', { name: 'Open Kibana' })).toBeVisible();
});
