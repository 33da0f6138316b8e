/**
 * A service that is not ours, added to the lab's copy of the checkout by its block in compose.yaml and its folder
 * (testing/src/e2e/add-shop.ts), is watched like the others. That an experiment stops it is a step of its own (testing/run.ts).
 */
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { eventually } from '@lab/testing';
import { expect, test } from '@playwright/test';

const run = promisify(execFile);
const folder = process.env['LAB_DIR'] ?? '';

async function answer<T>(base: 'CONSOLE_URL' | 'PROMETHEUS_URL', path: string): Promise<T> {
  const response = await fetch(`${process.env[base]}${path}`, { signal: AbortSignal.timeout(5_000) });
  expect(response.status, path).toBe(200);
  return (await response.json()) as T;
}

test('it is started, and scraped', async () => {
  const { stdout } = await run(process.execPath, ['lab/src/main.ts', 'status', '--json'], { cwd: folder });
  const { parts } = JSON.parse(stdout) as { parts: { name: string; state: string }[] };
  expect(parts.find(({ name }) => name === 'shop')).toMatchObject({ state: 'ready' });
  const up = await eventually('up of the shop to be 1', async () => {
    const { data } = await answer<{ data: { result: { value: [number, string] }[] } }>(
      'PROMETHEUS_URL',
      `/api/v1/query?${new URLSearchParams({ query: 'up{job="shop"} == 1' })}`,
    );
    return data.result[0];
  });
  expect(up.value[1]).toBe('1');
});

test('its line is among the logs and its span among the traces', async () => {
  const line = await eventually('the line of its start', async () => {
    const { items } = await answer<{ items: { message: string; service: string; traceId: string }[] }>(
      'CONSOLE_URL',
      '/api/logs?service=shop',
    );
    return items.find(({ message }) => message === 'the shop is open');
  });
  const trace = await eventually('the span of its start', async () => {
    const { items } = await answer<{ items: { traceId: string; services: { name: string }[] }[] }>(
      'CONSOLE_URL',
      '/api/traces?service=shop',
    );
    return items.find(({ traceId }) => traceId === line.traceId);
  });
  expect(trace.services.map(({ name }) => name)).toEqual(['shop']);
});

test('its alert is loaded, with a rule test that promtool passes', async () => {
  // promtool starts a database for each of dozens of tests: ten seconds of a processor that nobody else wants.
  test.setTimeout(240_000);
  const { data } = await answer<{ data: { groups: { rules: { name: string; query: string }[] }[] } }>(
    'PROMETHEUS_URL',
    '/api/v1/rules?type=alert',
  );
  const rule = data.groups.flatMap(({ rules }) => rules).find(({ name }) => name === 'ShopDown');
  expect(rule?.query).toContain('up{job="shop"}');
  await run(process.execPath, ['prometheus/src/generate.ts'], { cwd: folder });
  expect(await readFile(join(folder, 'prometheus/tests/parts.test.yml'), 'utf8')).toContain(
    'alertname: ShopDown',
  );
  const { stdout } = await run(process.execPath, ['lab/src/main.ts', 'tools'], { cwd: folder });
  const promtool = /(\S+\/promtool)\b/.exec(stdout)?.[1] ?? 'promtool';
  await run(promtool, ['test', 'rules', 'prometheus/tests/parts.test.yml'], { cwd: folder });
});

test('the console lists it among the parts', async () => {
  const { parts } = await answer<{ parts: { name: string; state: string }[] }>(
    'CONSOLE_URL',
    '/api/overview',
  );
  expect(parts.find(({ name }) => name === 'shop')).toMatchObject({ state: 'up' });
});
