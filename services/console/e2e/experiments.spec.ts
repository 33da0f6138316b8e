import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from './support/test.ts';

/** `make up` puts it beside the lab's state; a lab started otherwise gives it in the environment. */
async function labToken(): Promise<string> {
  const given = process.env['LAB_TOKEN'];
  if (given) return given;
  const file = join(process.env['LAB_DIR'] ?? '', '.env');
  const token = /^LAB_TOKEN=(\S+)$/m.exec(await readFile(file, 'utf8'))?.[1];
  if (!token) throw new Error(`expected LAB_TOKEN in the environment or in ${file}`);
  return token;
}

test('an experiment is announced on every page while it runs, then its proof is shown', async ({
  page,
  request,
}) => {
  const id = `e2e-${randomUUID()}`;
  const headers = { authorization: `Bearer ${await labToken()}` };
  const startedAt = new Date().toISOString();
  const title = 'Nothing is broken <script>window.taken = "experiment"</script>';
  const started = await request.post('/api/experiments', {
    headers,
    data: { id, name: 'e2e-nothing', title, startedAt, mode: 'lite', speed: 1 },
  });
  expect(started.status(), await started.text()).toBe(201);

  await page.goto('/inbox');
  const banner = page.getByRole('status').filter({ hasText: 'An experiment is running' });
  await expect(banner).toContainText(title);

  const ended = await request.post(`/api/experiments/${id}/end`, {
    headers,
    data: {
      endedAt: new Date().toISOString(),
      verdict: 'broken',
      result: {
        hypothesis: 'Nothing happens.',
        alerts: [
          { name: 'HighErrorRate', expected: 'fire', firedAfterSeconds: 54, limitSeconds: 90, kept: true },
        ],
        promises: [{ text: 'nobody notices', kept: false, expected: '0', observed: '1' }],
        timeline: [{ at: startedAt, kind: 'method', text: 'nothing was done' }],
        machine: { cpus: 2 },
      },
    },
  });
  expect(ended.status(), await ended.text()).toBe(200);

  await page.goto('/experiments');
  await expect(banner).toBeHidden();
  await page.getByRole('link', { name: title }).first().click();
  await expect(page.getByText('promise broken', { exact: true }).first()).toBeVisible();
  await expect(page.getByRole('img', { name: /HighErrorRate: fired after 54 s/ })).toBeVisible();
  await expect(page.getByRole('region', { name: 'Promises' })).toContainText('nobody notices');
  await expect(page.getByRole('region', { name: 'Timeline' })).toContainText('nothing was done');
  await expect(page.getByRole('region', { name: 'Further results' })).toContainText('cpus');
  expect(await page.evaluate('window.taken')).toBeUndefined();
});
