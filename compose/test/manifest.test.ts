import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseCompose } from '../src/compose-file.ts';
import {
  type ComposeService,
  composeText,
  localAddress,
  localProcess,
  ManifestError,
  manifestOf,
  ROOT,
  readManifest,
} from '../src/index.ts';

/** A small service of somebody's own, as docs/adapting.md tells people to write it. */
const SHOP = {
  image: 'shop:1.0.0',
  command: ['python3', 'shop.py', '--data=/data/shop.db'],
  environment: { PORT: 9500, STOCK_URL: 'http://stock:80/x', LOG_FILE: '/logs/shop.{hostname}.log' },
  volumes: ['shop-data:/data', './logs:/logs:ro'],
  mem_limit: '64m',
};
const LAB = {
  title: 'Shop',
  job: 'shop',
  management_port: 9500,
  lite: { folder: 'services/shop', ports: { 9500: '${SHOP_PORT:-9500}' } },
};
const STOCK = {
  image: 'stock:1.0.0',
  mem_limit: '64m',
  ports: ['127.0.0.1:${STOCK_PORT:-9501}:80'],
  'x-lab': { title: 'Stock', lite: { command: ['stock'] } },
};

function complaintsFor(block: unknown, service: Partial<ComposeService> = {}): readonly string[] {
  try {
    manifestOf({ shop: { ...SHOP, ...service, 'x-lab': block }, stock: STOCK });
  } catch (error) {
    if (error instanceof ManifestError) return error.complaints;
    throw error;
  }
  return [];
}

describe('a manifest that is wrong is refused with the path of each value', () => {
  it.each([
    [
      'an unknown key',
      { ...LAB, jobb: 'x' },
      'services.shop.x-lab.jobb: expected no such key (compose/README.md lists them)',
    ],
    [
      'a wrong job',
      { ...LAB, job: 'My Shop' },
      'services.shop.x-lab.job: expected a name such as taskmanager-api, got "My Shop"',
    ],
    ['no title', { ...LAB, title: undefined }, 'services.shop.x-lab.title: expected a text, got nothing'],
    [
      'a job without a port',
      { ...LAB, management_port: undefined },
      'services.shop.x-lab.management_port: expected the port that the job is scraped on, got nothing',
    ],
    [
      'a port without a job',
      { ...LAB, job: undefined },
      'services.shop.x-lab.job: expected a Prometheus job, got nothing',
    ],
    ['a port of 70000', { ...LAB, management_port: 70_000 }, 'services.shop.x-lab.management_port: '],
    [
      'an unknown key of lite',
      { ...LAB, lite: { folder: 'x', port: 1 } },
      'services.shop.x-lab.lite.port: expected no such key (compose/README.md lists them)',
    ],
    [
      'a fixed port of lite',
      { ...LAB, lite: { ports: { 9500: '9500' } } },
      'services.shop.x-lab.lite.ports.9500: expected a port that .env can change, such as ${SHOP_MANAGEMENT_PORT:-9500}, got "9500"',
    ],
    [
      'an unknown part to start after',
      { ...LAB, lite: { after: ['stok'] } },
      'services.shop.x-lab.lite.after: expected a service that lite starts, got stok',
    ],
    [
      'a severity of its own',
      { ...LAB, down: { severity: 'bad' } },
      'services.shop.x-lab.down.severity: expected critical, warning or info, got "bad"',
    ],
    [
      'no block',
      undefined,
      'services.shop.x-lab: expected a block that says what the lab has to know (compose/README.md)',
    ],
  ])('%s', (_, block, complaint) => {
    const complaints = complaintsFor(block);
    expect(complaints).toHaveLength(1);
    expect(complaints[0]).toContain(complaint);
  });

  it.each<[string, Partial<ComposeService>, string]>([
    [
      'no memory limit',
      { mem_limit: undefined as never },
      'services.shop.mem_limit: expected a limit such as 64m, got nothing',
    ],
    [
      'a port on every interface',
      { ports: ['9500:9500'] },
      'services.shop.ports: expected a port on loopback that .env can change, such as 127.0.0.1:${SHOP_PORT:-9500}:9500, got 9500:9500',
    ],
    [
      'an unknown dependency',
      { depends_on: { stok: { condition: 'service_healthy' } } },
      'services.shop.depends_on: expected a service of this file, got stok',
    ],
    [
      'a job, variable and port twice',
      { ports: ['127.0.0.1:${STOCK_PORT:-9501}:9501'] },
      'services.stock.ports: expected a variable of its own, got STOCK_PORT once more',
    ],
  ])('%s', (_, service, complaint) => {
    expect(complaintsFor(LAB, service)).toContain(complaint);
  });

  it('a circle of dependencies, in Compose and in lite', () => {
    const needs = (name: string) => ({ depends_on: { [name]: { condition: 'service_healthy' } } });
    const services = {
      shop: { ...SHOP, ...needs('stock'), 'x-lab': LAB },
      stock: { ...STOCK, ...needs('shop') },
    };
    expect(() => manifestOf(services)).toThrow(
      'services.shop.depends_on: expected no circle, got shop → stock → shop',
    );
    expect(() => manifestOf(services)).toThrow('services.shop.x-lab.lite.after: expected no circle');
  });

  it('a number as a key, which Compose refuses', () => {
    expect(() =>
      parseCompose('services: { shop: { x-lab: { lite: { ports: { 9500: "9500" } } } } }'),
    ).toThrow(/^services\.shop\.x-lab\.lite\.ports\.9500: expected the key in quotes \("9500"\)/);
  });

  it('a file that is not YAML, in one line', () => {
    expect(() => parseCompose('services: [')).toThrow(
      /^compose\.yaml: expected YAML: .* at line 1, column \d+:?$/,
    );
    expect(() => parseCompose('services: [')).toThrow(ManifestError);
  });

  it('all of them at once', () => {
    expect(complaintsFor({ ...LAB, jobb: 1, title: 3 }, { ports: ['1:1'] })).toHaveLength(3);
  });
});

describe('a container translated into a process of this machine', () => {
  const manifest = manifestOf({ shop: { ...SHOP, 'x-lab': LAB }, stock: STOCK });
  const options = {
    manifest,
    root: '/lab',
    variables: { STOCK_PORT: '8001' },
    volume: (name: string) => `/volumes/${name}`,
  };

  it('has the same command and environment, with addresses, ports and paths of this machine', () => {
    expect(localProcess(manifest.part('shop'), options)).toEqual({
      command: ['python3', 'shop.py', '--data=/volumes/shop-data/shop.db'],
      environment: { PORT: '9500', STOCK_URL: 'http://127.0.0.1:8001/x', LOG_FILE: '/lab/logs/shop.log' },
      folder: '/lab/services/shop',
    });
  });

  it('takes a variable of lite instead of Compose’s, and leaves out an empty one', () => {
    const lite = {
      ...LAB.lite,
      environment: { STOCK_URL: '', COLOUR: 'red' },
      arguments: ['--one', '0.0.0.0:9500'],
    };
    const other = manifestOf({ shop: { ...SHOP, 'x-lab': { ...LAB, lite } }, stock: STOCK });
    const { environment, command } = localProcess(other.part('shop'), { ...options, manifest: other });
    expect(environment).toEqual({ PORT: '9500', COLOUR: 'red', LOG_FILE: '/lab/logs/shop.log' });
    expect(command.slice(-2)).toEqual(['--one', '127.0.0.1:9500']);
  });

  it('refuses an address that nothing in lite listens on', () => {
    const environment = { STOCK_URL: 'http://stock:81' };
    const other = manifestOf({ shop: { ...SHOP, environment, 'x-lab': LAB }, stock: STOCK });
    expect(() => localProcess(other.part('shop'), { ...options, manifest: other })).toThrow(
      'services.shop.environment.STOCK_URL: expected an address that lite has, got stock:81',
    );
  });

  it('refuses to start without a secret, and takes one for text whatever it looks like', () => {
    const environment = { TOKEN: '${SHOP_TOKEN:?run make env}' };
    const other = manifestOf({ shop: { ...SHOP, environment, 'x-lab': LAB }, stock: STOCK });
    const start = (SHOP_TOKEN?: string) =>
      localProcess(other.part('shop'), { ...options, manifest: other, variables: { SHOP_TOKEN } });
    expect(() => start()).toThrow('services.shop.environment.TOKEN: SHOP_TOKEN is not set: run `make env`');
    expect(start('${STOCK_PORT}$$1 /data').environment['TOKEN']).toBe('${STOCK_PORT}$$1 /data');
  });

  it('writes a password inside an address as addresses want it, and only there', () => {
    const environment = {
      DATABASE_URL: 'postgres://app:${SHOP_PASSWORD:?run make env}@stock:80/shop',
      PASS: '${SHOP_PASSWORD:?run make env}',
    };
    const other = manifestOf({ shop: { ...SHOP, environment, 'x-lab': LAB }, stock: STOCK });
    const variables = { STOCK_PORT: '8001', SHOP_PASSWORD: 'a/b@c' };
    expect(localProcess(other.part('shop'), { ...options, manifest: other, variables }).environment).toEqual({
      DATABASE_URL: 'postgres://app:a%2Fb%40c@127.0.0.1:8001/shop',
      PASS: 'a/b@c',
    });
  });

  it('translates where a part is ready', () => {
    expect(localAddress('tcp://stock:80', manifest.part('shop'), options)).toBe('tcp://127.0.0.1:8001');
  });
});

describe('the block that compose/README.md shows', () => {
  const block = readFileSync(join(ROOT, 'testing/fixtures/shop/service.yaml'), 'utf8').replaceAll(
    /^(?=.)/gm,
    '  ',
  );

  it('is the one that the end-to-end tests add', () => {
    expect(readFileSync(join(ROOT, 'compose/README.md'), 'utf8')).toContain(block);
  });

  it('is a whole manifest’s part, added to this checkout’s', () => {
    const services = composeText().replace(/^services:$/m, `services:\n${block}`);
    const { parts, ports } = manifestOf(parseCompose(services).services);
    expect(parts[0]).toMatchObject({ name: 'shop', title: 'Shop', scrapes: [{ job: 'shop', port: 9500 }] });
    expect(ports[0]).toMatchObject({ variable: 'SHOP_MANAGEMENT_PORT', default: 9500, published: false });
  });
});

describe('the lab’s own manifest', () => {
  const manifest = readManifest();

  it('translates every part that lite starts', () => {
    const variables = new Proxy<Record<string, string>>(
      {},
      { get: (_, name) => (/_(PASSWORD|SECRET|TOKEN)$/.test(String(name)) ? 'secret' : undefined) },
    );
    const texts = manifest.parts
      .filter(({ lite }) => lite && lite.builtin === undefined)
      .map((part) =>
        JSON.stringify(localProcess(part, { manifest, root: ROOT, variables, volume: (name) => `/${name}` })),
      );
    expect(texts.length).toBeGreaterThan(7);
    for (const text of texts) expect(text).not.toMatch(/\$\{|0\.0\.0\.0|\{hostname\}/);
  });

  it('gives every part that lite leaves out a reason that a person can read', () => {
    for (const { lite, leftOut } of manifest.parts)
      expect(lite !== undefined || (leftOut ?? '').length > 10).toBe(true);
  });
});
