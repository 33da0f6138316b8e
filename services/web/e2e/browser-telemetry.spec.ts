import type { Page } from '@playwright/test';
import { expect, test, watchPage } from './support/test.ts';

const SAYS_BEACON = 'beacon ';
/** Playwright cannot read the body of a beacon that is a Blob, so the page says it before it sends it. */
const TELL_BEACONS = `{
  const send = navigator.sendBeacon.bind(navigator);
  const texts = new WeakMap();
  window.Blob = class extends Blob {
    constructor(parts, options) {
      super(parts, options);
      texts.set(this, parts.join(''));
    }
  };
  navigator.sendBeacon = (path, blob) => {
    console.debug(${JSON.stringify(SAYS_BEACON)} + JSON.stringify({ path, body: JSON.parse(texts.get(blob)) }));
    return send(path, blob);
  };
}`;

/** What a browser does when the tab is left; a real navigation would take the page's last words with it. */
const HIDE = `{
  Object.defineProperty(document, 'visibilityState', { get: () => 'hidden' });
  document.dispatchEvent(new Event('visibilitychange', { bubbles: true }));
}`;

interface Beacons {
  vitals: { name: string; value: number; route: string }[];
  errors: { kind: string; message: string; route: string }[];
  spans: { name: string; traceId: string }[];
}

/** What the page sends from now on, batches taken apart. */
async function collectBeacons(page: Page): Promise<Beacons> {
  const sent: Beacons = { vitals: [], errors: [], spans: [] };
  page.on('console', (message) => {
    if (!message.text().startsWith(SAYS_BEACON)) return;
    const { body } = JSON.parse(message.text().slice(SAYS_BEACON.length));
    sent.vitals.push(...(body.metrics ?? []));
    sent.errors.push(...(body.errors ?? []));
    sent.spans.push(...(body.resourceSpans?.[0].scopeSpans[0].spans ?? []));
  });
  await page.addInitScript({ content: TELL_BEACONS });
  return sent;
}

test('leaving a page tells its vitals, under its template, and the server takes them', async ({
  page,
  account,
}) => {
  const task = await account.createTask({ title: 'Buy milk' });
  const statuses: number[] = [];
  page.on('response', (response) => {
    if (response.url().endsWith('/telemetry/vitals')) statuses.push(response.status());
  });
  const sent = await collectBeacons(page);
  await page.goto(`/tasks/${task.id}`);
  await page.getByRole('button', { name: 'Cancel' }).click();
  await expect(page.getByRole('link', { name: 'Buy milk' })).toBeVisible();
  await page.evaluate(HIDE);
  await expect
    .poll(() => sent.vitals.map(({ name }) => name))
    .toEqual(expect.arrayContaining(['CLS', 'FCP', 'LCP', 'TTFB']));
  expect(new Set(sent.vitals.map(({ route }) => route))).toEqual(new Set(['/tasks/:id']));
  await expect.poll(() => statuses).toContain(204);
});

test('an error in a script is reported once, without breaking the page', async ({ page, account }) => {
  await account.createTask({ title: 'Buy milk' });
  const sent = await collectBeacons(page);
  await page.goto('/');
  await page.evaluate(`{
    for (let times = 0; times < 5; times += 1) setTimeout(() => { throw new TypeError('thrown on purpose'); });
    Promise.reject('rejected on purpose');
    undefined;
  }`);
  await expect.poll(() => sent.errors).toHaveLength(2);
  expect(sent.errors).toContainEqual(
    expect.objectContaining({ kind: 'error', message: 'TypeError: thrown on purpose', route: '/' }),
  );
  expect(sent.errors).toContainEqual(
    expect.objectContaining({ kind: 'unhandledrejection', message: 'rejected on purpose' }),
  );
  await expect(page.getByRole('link', { name: 'Buy milk' })).toBeVisible();
});

test('a page that breaks says so, and reports it', async ({ page, account }) => {
  await account.createTask({ title: 'Buy milk', dueAt: new Date().toISOString() });
  const sent = await collectBeacons(page);
  await page.addInitScript({
    content: "Intl.DateTimeFormat = function () { throw new RangeError('broken on purpose'); };",
  });
  await page.goto('/');
  await expect(page.getByRole('alert')).toContainText('This page broke');
  await expect
    .poll(() => sent.errors)
    .toContainEqual(
      expect.objectContaining({ kind: 'render', message: 'RangeError: broken on purpose', route: '/' }),
    );
});

test('every request to the API carries a trace context and a request id of its own', async ({
  page,
  account,
}) => {
  await account.createTask({ title: 'Buy milk' });
  const traces: (string | undefined)[] = [];
  const ids = new Set<string | undefined>();
  page.on('request', (request) => {
    if (!new URL(request.url()).pathname.startsWith('/api/')) return;
    traces.push(request.headers()['traceparent']);
    ids.add(request.headers()['x-request-id']);
  });
  await page.goto('/');
  await page.getByRole('button', { name: 'Complete “Buy milk”' }).click();
  await expect(page.getByRole('button', { name: 'Reopen “Buy milk”' })).toBeVisible();
  expect(traces.length).toBeGreaterThanOrEqual(3);
  for (const trace of traces) expect(trace).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-0[01]$/);
  expect(new Set(traces).size).toBe(traces.length);
  expect(ids.size).toBe(traces.length);
  // The first view goes on with the trace of the page; what the user did began another.
  const traceIds = traces.map((trace) => trace?.split('-')[1]);
  const meta = page.locator('meta[name="traceparent"]');
  const pageTrace =
    (await meta.count()) > 0 ? (await meta.getAttribute('content'))?.split('-')[1] : traceIds[0];
  expect(traceIds[0]).toBe(pageTrace);
  expect(traceIds.at(-1)).not.toBe(pageTrace);
});

test('an intake that is gone costs the app nothing', async ({ page, account }) => {
  const complaints = watchPage(page);
  await account.createTask({ title: 'Buy milk' });
  await page.route('**/telemetry/**', (route) => route.abort());
  await page.addInitScript({
    content: "navigator.sendBeacon = () => { throw new Error('no beacons here'); };",
  });
  await page.goto('/');
  await page.getByRole('button', { name: 'Complete “Buy milk”' }).click();
  await expect(page.getByRole('button', { name: 'Reopen “Buy milk”' })).toBeVisible();
  await page.getByRole('link', { name: 'Notifications' }).click();
  await expect(page.getByRole('heading', { name: 'Notifications', level: 1 })).toBeVisible();
  expect(complaints).toEqual([]);
});
