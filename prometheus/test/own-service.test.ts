import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { manifestOf, ROOT, readCompose } from '@lab/manifest';
import { targetFiles } from '@lab/prometheus';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { readCatalogue } from '../src/alerts/catalogue.ts';
import { alertsOf } from '../src/alerts/read-alerts.ts';
import { filesOfParts } from '../src/generate.ts';
import { runbookUrl } from '../src/links.ts';
import { fillBlocks } from '../src/parts/blocks.ts';
import { composeTargetFiles, ownTargetFiles } from '../src/parts/targets.ts';
import { findTool } from '../src/tools/find-tool.ts';
import { run } from './support/run.ts';

const SHOP = {
  image: 'shop:1.0.0',
  mem_limit: '64m',
  'x-lab': {
    title: 'Shop',
    job: 'shop',
    management_port: 9500,
    lite: { folder: 'services/shop' },
  },
};
const manifestWith = (more: Record<string, unknown>) =>
  manifestOf({
    ...readCompose(ROOT).services,
    shop: { ...SHOP, ...more, 'x-lab': { ...SHOP['x-lab'], ...(more['x-lab'] as object) } },
  });

describe('a service of somebody’s own has, from its block in compose.yaml alone,', () => {
  const manifest = manifestWith({});
  const files = filesOfParts(manifest);

  test('its target, at the address that Prometheus reaches', () => {
    expect(parse(files.get('prometheus/targets/full/shop.yml') ?? '')).toEqual([
      { targets: ['shop:9500'], labels: { job: 'shop', instance: 'shop:9500' } },
    ]);
    const lite = targetFiles({ manifest, parts: ['shop'], address: () => '127.0.0.1:9501' });
    expect(parse(lite.get('shop.yml') ?? '')).toEqual([
      { targets: ['127.0.0.1:9501'], labels: { job: 'shop', instance: 'shop:9501' } },
    ]);
  });

  test('its Down alert with the general runbook and a reason', () => {
    const alert = alertsOf('parts.yml', files.get('prometheus/rules/parts.yml') ?? '').find(
      ({ name }) => name === 'ShopDown',
    );
    expect(alert).toMatchObject({
      expr: 'up{job="shop"} == 0 unless on (job) up{job="shop"} == 1 or absent(up{job="shop"})',
      severity: 'warning',
      service: 'shop',
      mode: undefined,
      summary: 'Shop is down',
      runbookUrl: runbookUrl('PartDown'),
    });
    expect(readCatalogue(manifest).get('ShopDown')).toMatchObject({
      rationale: expect.stringContaining('Shop'),
    });
  });

  test('rule tests, which promtool passes', { timeout: 120_000 }, async () => {
    await using folder = await temporaryFolder();
    expect(files.get('prometheus/tests/parts.test.yml')).toContain('ShopDown: two minutes without an answer');
    // The tests of the lab's own parts are passed elsewhere.
    for (const [path, text] of filesOfParts(manifestOf({ shop: SHOP }))) {
      if (!/(rules|tests)\/parts/.test(path)) continue;
      mkdirSync(dirname(join(folder.path, path)), { recursive: true });
      writeFileSync(join(folder.path, path), text);
    }
    const tests = join(folder.path, 'prometheus/tests/parts.test.yml');
    const { code, output } = await run(findTool('promtool'), ['test', 'rules', tests]);
    expect(code, output).toBe(0);
  });

  test('its line in the console’s list of parts', () => {
    expect(JSON.parse(files.get('prometheus/parts.json') ?? '')).toContainEqual({
      name: 'shop',
      title: 'Shop',
      service: 'shop',
      job: 'shop',
    });
  });
});

test('an application’s restarts and memory are watched, and its readiness has its service’s name', () => {
  const manifest = manifestWith({ 'x-lab': { application: true, service_name: 'my-shop' } });
  const files = filesOfParts(manifest);
  const records = (
    parse(files.get('prometheus/rules/runtime.yml') ?? '') as { groups: { rules: object[] }[] }
  ).groups[0]?.rules;
  const labels = { job: 'shop', service: 'my-shop' };
  expect(records).toContainEqual({ record: 'lab:application:info', expr: 'vector(1)', labels });
  expect(records).toContainEqual({
    record: 'lab:memory_limit:bytes',
    expr: 'vector(64 * 1024 * 1024)',
    labels,
  });
  expect(files.get('prometheus/rules/probes.yml')).toContain('reReplaceAll "^shop-ready$" "my-shop"');
});

test('a part that a profile or a variable switches is a target only while it is there', () => {
  const manifest = manifestWith({ profiles: ['shops'] });
  const plain = composeTargetFiles(manifest);
  const targets = (files: ReadonlyMap<string, string>, name: string) => parse(files.get(name) ?? 'null');
  expect(targets(plain, 'full/shop.yml')).toEqual([]);
  expect(targets(plain, 'optional/shop-0.yml')).toEqual([]);
  expect(targets(plain, 'optional/shop-1.yml')).toHaveLength(1);
  for (const running of [['shop'], []]) {
    const files = composeTargetFiles(manifest, running);
    for (const name of ['full/shop.yml', 'optional/shop-0.yml', 'optional/shop-1.yml', 'full/shop.yml'])
      expect(targets(files, name)).toHaveLength(running.length);
  }
});

test('files of targets that a person added are told from generated ones', async () => {
  await using folder = await temporaryFolder();
  for (const [name, text] of composeTargetFiles(manifestWith({}))) {
    mkdirSync(dirname(join(folder.path, name)), { recursive: true });
    writeFileSync(join(folder.path, name), text);
  }
  writeFileSync(join(folder.path, 'full/mine.yml'), '- targets: [a:1]\n');
  writeFileSync(join(folder.path, 'full/probes/mine.yml'), '- targets: [b:2]\n');
  expect([...ownTargetFiles(join(folder.path, 'full')).keys()]).toEqual(['mine.yml', 'probes/mine.yml']);
});

test('a block of an unknown name in a rules file is refused by its name', () => {
  expect(() => fillBlocks('  # <manifest jobs>\n  # </manifest>\n', manifestWith({}))).toThrow(
    '<manifest jobs>: expected one of applications, service-of-readiness, service-of-probe',
  );
});
