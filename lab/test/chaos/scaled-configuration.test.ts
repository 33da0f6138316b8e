import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readRules } from '@lab/prometheus';
import { temporaryFolder } from '@lab/testing';
import { expect, test } from 'vitest';
import { soonestFiringMs, soonestInboxMs } from '../../src/chaos/contract/minimum.ts';
import { readTiming, writeScaled } from '../../src/chaos/target/scaled-configuration.ts';
import { CannotRun } from '../../src/cli/failure.ts';

const root = join(import.meta.dirname, '../../..');

test('copies for faster time hold the same alerts with shorter waits; the originals stay', async () => {
  await using folder = await temporaryFolder();
  const before = await readFile(join(root, 'prometheus/rules/api.yml'), 'utf8');
  const { prometheus = '', alertmanager = '' } = await writeScaled({ root, folder: folder.path, speed: 10 });
  const rules = await readFile(join(prometheus, 'rules/api.yml'), 'utf8');
  expect(rules).toContain('[30s]');
  expect(rules).toContain('for: 12s');
  expect(await readFile(join(alertmanager, 'alertmanager.yml'), 'utf8')).toContain('group_interval: 30s');
  expect(await readFile(join(root, 'prometheus/rules/api.yml'), 'utf8')).toBe(before);
});

test('a rule that fails at every evaluation is added only where it is asked for', async () => {
  await using folder = await temporaryFolder();
  const options = { root, folder: folder.path, speed: 10 };
  const file = (path = '') => readFile(join(path, 'rules/lab-chaos.yml'), 'utf8');
  const { prometheus } = await writeScaled({ ...options, failingRule: true });
  expect(await file(prometheus)).toContain('on () up');
  const { prometheus: without } = await writeScaled(options);
  await expect(file(without)).rejects.toThrow('ENOENT');
});

test('the soonest firing is window × threshold ÷ injected ratio, a scrape, an evaluation and `for`', async () => {
  const needs = { share: { window: 300_000, threshold: 0.05, injected: 0.25 } };
  const scaled = await readTiming(root, 10, 1);
  // 30 s × 0.05 ÷ 0.25 + 1 s + 1 s + 12 s
  expect(soonestFiringMs('HighErrorRate', needs, scaled)).toBe(20_000);
  expect(soonestInboxMs('HighErrorRate', needs, scaled)).toBe(23_000);
  const written = await readTiming(root, 1, 1);
  // 300 s × 0.05 ÷ 0.25 + 5 s + 5 s + 120 s
  expect(soonestFiringMs('HighErrorRate', needs, written)).toBe(190_000);
});

test('an alert that waits shorter than one evaluation waits for one', async () => {
  const scaled = { ...(await readTiming(root, 10, 1)), forMs: new Map([['X', 5_000]]) };
  expect(soonestFiringMs('X', {}, scaled)).toBe(3_000);
});

const SHOP = `groups:
  - name: shop
    rules:
      - record: shop:errors:rate30s
        expr: rate(shop_errors_total[30s])
      - alert: ShopErrors
        expr: shop:errors:rate30s > 0.1
      - alert: ShopDown
        expr: up{job="shop"} == 0
        for: 1m
`;

test("a person's own rules that cannot run so fast are left out by name, and the run goes on", async () => {
  await using folder = await temporaryFolder();
  const said: string[] = [];
  const { prometheus = '' } = await writeScaled({
    root,
    folder: folder.path,
    speed: 10,
    rules: new Map([...readRules(), ['shop.yml', SHOP]]),
    say: (line) => said.push(line),
  });
  expect(said).toEqual([
    'left out of this run: shop.yml: shop:errors:rate30s at time scale 10: range 3s holds fewer than 4 scrapes; SPEED=1 runs it as written',
    'left out of this run: shop.yml: ShopErrors at time scale 10: it reads shop:errors:rate30s, which is left out; SPEED=1 runs it as written',
  ]);
  const shop = await readFile(join(prometheus, 'rules/shop.yml'), 'utf8');
  expect(shop).toContain('for: 6s');
  expect(shop).not.toContain('shop:errors');
  expect(await readFile(join(prometheus, 'rules/api.yml'), 'utf8')).toContain('[30s]');
});

test('at SPEED=1 every rule runs as it is written', async () => {
  await using folder = await temporaryFolder();
  const said: string[] = [];
  const { prometheus = '' } = await writeScaled({
    root,
    folder: folder.path,
    speed: 1,
    rules: new Map([['shop.yml', SHOP]]),
    say: (line) => said.push(line),
  });
  expect(said).toEqual([]);
  expect(await readFile(join(prometheus, 'rules/shop.yml'), 'utf8')).toBe(SHOP);
});

test("a time scale at which the lab's own alerts cannot run is refused, by file, rule and remedy", async () => {
  await using folder = await temporaryFolder();
  const run = writeScaled({ root, folder: folder.path, speed: 20 });
  await expect(run).rejects.toThrow(CannotRun);
  await expect(run).rejects.toThrow(
    'database.yml: ConnectionPoolExhausted at time scale 20: range 3s holds fewer than 4 scrapes; SPEED=1 runs it as written',
  );
});
