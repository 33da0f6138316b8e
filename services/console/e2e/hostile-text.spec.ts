/** Telemetry holds what strangers typed. On every page it is text. */
import { randomBytes, randomUUID } from 'node:crypto';
import { expect, test } from './support/test.ts';

const MARKUP = '<script>window.taken=1</script><img src=x onerror="window.taken=2"><b>bold</b>';

test.afterEach(async ({ page }) => {
  expect(await page.evaluate('window.taken'), 'no script of a stranger ran').toBeUndefined();
  expect(await page.locator('main img[src="x"], main b').count()).toBe(0);
});

test('a browser error’s message in a log line is shown as text', async ({ page, request }) => {
  const word = `e2e${randomUUID().slice(0, 8)}`;
  const taken = await request.post(`${process.env['WEB_URL']}/telemetry/errors`, {
    headers: { 'x-synthetic': '1' },
    data: { errors: [{ kind: 'error', message: `${word} ${MARKUP}`, route: '/' }] },
  });
  expect(taken.status(), await taken.text()).toBe(204);
  await page.goto(`/logs?q=${word}`);
  const line = page.getByRole('region', { name: 'Log lines' }).getByRole('listitem').first();
  await expect(async () => {
    await page.getByRole('button', { name: 'Refresh' }).click();
    await expect(line).toBeVisible({ timeout: 1000 });
  }).toPass();
  await line.getByRole('button').first().click();
  await expect(line).toContainText(MARKUP);
  await page.getByRole('button', { name: 'Raw line' }).click();
  await expect(line.getByRole('figure')).toContainText('<script>window.taken=1</script>');
});

test('a span’s name, attributes and events are shown as text', async ({ page, request }) => {
  const traceId = randomBytes(16).toString('hex');
  const now = BigInt(Date.now()) * 1_000_000n;
  const text = (value: string) => ({ stringValue: value });
  const span = {
    traceId,
    spanId: randomBytes(8).toString('hex'),
    name: MARKUP,
    kind: 3,
    startTimeUnixNano: String(now - 5_000_000n),
    endTimeUnixNano: String(now),
    attributes: [
      { key: 'http.request.method', value: text('GET') },
      { key: MARKUP, value: text(MARKUP) },
    ],
    events: [{ name: MARKUP, timeUnixNano: String(now - 1_000_000n), attributes: [] }],
    status: { code: 2, message: MARKUP },
  };
  const sent = await request.post(`http://127.0.0.1:${await otlpPort()}/v1/traces`, {
    data: {
      resourceSpans: [
        {
          resource: { attributes: [{ key: 'service.name', value: text('e2e <i>service</i>') }] },
          scopeSpans: [{ spans: [span] }],
        },
      ],
    },
  });
  expect(sent.status(), await sent.text()).toBe(200);
  await expect(async () => {
    await page.goto(`/traces/${traceId}`);
    await expect(page.getByRole('heading', { name: MARKUP, level: 1 })).toBeVisible({ timeout: 1000 });
  }).toPass();
  await page.getByRole('region', { name: 'Spans' }).getByRole('button', { name: MARKUP }).first().click();
  const details = page.getByRole('complementary', { name: /^Span/ });
  await expect(details.getByRole('term').filter({ hasText: MARKUP })).toBeVisible();
  await expect(details.getByRole('definition').filter({ hasText: MARKUP })).toBeVisible();
  await page.goto('/traces');
  await expect(page.getByRole('link', { name: /window\.taken=1/ }).first()).toBeVisible();
});

test('a notification’s title, text and links are shown as text, and script links are none', async ({
  page,
  console,
}) => {
  const word = `e2e${randomUUID().slice(0, 8)}`;
  await console.notify('alerts', {
    title: `${word} ${MARKUP}`,
    title_link: 'javascript:window.taken=3',
    text: `${MARKUP} <javascript:window.taken=4|click> *${MARKUP}*`,
    fields: [{ title: MARKUP, value: MARKUP, short: true }],
    actions: [{ type: 'button', text: 'press', url: 'javascript:window.taken=5' }],
  });
  await page.goto(`/inbox?q=${word}`);
  const message = page.getByRole('article');
  await expect(message.getByRole('heading')).toContainText(MARKUP);
  await expect(message.locator('a[href^="javascript"]')).toHaveCount(0);
});

/** The console's OTLP intake listens on a port of its own, which its metrics' neighbour knows: Prometheus's targets do not. */
async function otlpPort(): Promise<string> {
  const given = process.env['OTLP_PORT'];
  if (given) return given;
  const { readFile } = await import('node:fs/promises');
  const file = `${process.env['LAB_DIR']}/.env`;
  const port = /^OTLP_PORT=(\d+)$/m.exec(await readFile(file, 'utf8'))?.[1];
  if (!port) throw new Error(`expected OTLP_PORT in the environment or in ${file}`);
  return port;
}
