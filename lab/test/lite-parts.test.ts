import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ManifestError } from '@lab/manifest';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { labPaths } from '../src/settings/paths.ts';
import { settingsFrom } from '../src/settings/settings.ts';
import { SECRET_NAMES } from '../src/settings/variables.ts';
import { litePartNames, liteParts, litePorts } from '../src/stack/lite/parts.ts';
import type { FoundTools } from '../src/tools/ensure-tools.ts';

const settings = settingsFrom({
  ...Object.fromEntries(SECRET_NAMES.map((name) => [name, `secret/of/${name}`])),
  LOG_LEVEL: 'debug',
});
const EXPORTER = { executables: ['/tools/postgres_exporter'], version: [0, 11] as const, root: '/tools' };
const paths = labPaths({ LAB_STATE_DIR: '/state' });

async function prepared(name: string, tools: FoundTools = {}) {
  const part = liteParts({ paths, settings, tools }).find((each) => each.name === name);
  return part?.prepare();
}

/** Parts of a checkout whose compose.yaml has these lines for its only service. */
async function partsOf(folder: string, lines: readonly string[], lite = '') {
  const service = [
    'image: shop:1.0.0',
    'mem_limit: 64m',
    ...lines,
    `x-lab: { title: Shop, lite: { ${lite} } }`,
  ];
  await writeFile(join(folder, 'compose.yaml'), `services:\n  shop:\n    ${service.join('\n    ')}\n`);
  return liteParts({ paths: labPaths({}, folder), settings, tools: {} });
}

describe('the parts of lite', () => {
  it('are those that compose.yaml does not leave out, without those whose tool could not be had', () => {
    const names = litePartNames({ paths, settings, tools: {} });
    expect(names).toEqual(['web', 'api', 'worker', 'console', 'postgres', 'toxiproxy']);
    const tools = { 'postgres-exporter': EXPORTER };
    expect(litePartNames({ paths, settings, tools })).toContain('postgres-exporter');
    const ports = (found: FoundTools) => litePorts({ paths, settings, tools: found }).map(([name]) => name);
    expect(ports({})).not.toContain('POSTGRES_EXPORTER_PORT');
    expect(ports({})).toEqual(expect.arrayContaining(['WEB_PORT', 'OTLP_PORT', 'DATABASE_PROXY_API_PORT']));
    expect(ports(tools)).toContain('POSTGRES_EXPORTER_PORT');
  });

  it('wait for what they need, and leave before what they talk to', () => {
    const parts = liteParts({ paths, settings, tools: {} });
    const api = parts.find(({ name }) => name === 'api');
    expect(api).toMatchObject({
      dependsOn: ['postgres', 'toxiproxy'],
      leaves: ['console'],
      stopSignal: 'SIGTERM',
      stopDeadlineMs: 15_000,
    });
    expect(parts.find(({ name }) => name === 'toxiproxy')?.stopDeadlineMs).toBe(10_000);
  });

  it('run Node programs by the Node that runs the lab, with what the lab gives every part', async () => {
    const command = await prepared('toxiproxy');
    expect(command).toMatchObject({
      command: process.execPath,
      args: expect.arrayContaining(['lab/src/tcp-proxy/main.ts', '5433', '5432', '8474']),
      cwd: paths.root,
      env: { PATH: '/usr/local/bin:/usr/bin:/bin', TZ: 'UTC', NODE_COMPILE_CACHE: '/state/cache/node' },
    });
  });

  it('run a tool where it was found, with what its version asks for', async () => {
    const command = await prepared('postgres-exporter', { 'postgres-exporter': EXPORTER });
    expect(command).toMatchObject({ command: '/tools/postgres_exporter', cwd: '/tools' });
    expect(command?.args).toEqual([
      '--web.listen-address=127.0.0.1:9187',
      '--log.level=warn',
      '--no-collector.bgwriter',
    ]);
    expect(command?.env['DATA_SOURCE_PASS']).toBe('secret/of/POSTGRES_EXPORTER_PASSWORD');
  });

  it('may be any program, found on the fixed path or in its folder', async () => {
    await using folder = await temporaryFolder();
    const [shell] = await partsOf(folder.path, ['command: [sh, -c, "exit 0"]']);
    expect(await shell?.prepare()).toMatchObject({
      command: expect.stringMatching(/\/bin\/sh$/),
      args: ['-c', 'exit 0'],
    });
    await mkdir(join(folder.path, 'bin'));
    await writeFile(join(folder.path, 'bin', 'shop'), '#!/bin/sh\n', { mode: 0o755 });
    const [own] = await partsOf(folder.path, ['command: [./bin/shop]']);
    expect(await own?.prepare()).toMatchObject({ command: join(folder.path, 'bin', 'shop') });
  });

  it('that need a program or a folder which is not there are refused in one line', async () => {
    await using folder = await temporaryFolder();
    await expect(partsOf(folder.path, ['command: [cobol-2099, shop.cob]'])).rejects.toThrow(
      /^services\.shop\.command: expected a program in \/usr\/local\/bin, \/usr\/bin, \/bin, found no cobol-2099: install it, or name another$/,
    );
    await expect(partsOf(folder.path, ['command: [sh]'], 'folder: services/shop')).rejects.toThrow(
      `services.shop.x-lab.lite.folder: expected a folder, found none at ${join(folder.path, 'services/shop')}`,
    );
  });

  it('are refused with a stop signal that lite does not know', async () => {
    await using folder = await temporaryFolder();
    const refused = partsOf(folder.path, ['command: [sh]', 'stop_signal: SIGQUIT']);
    await expect(refused).rejects.toThrow(ManifestError);
    await expect(refused).rejects.toThrow(
      'services.shop.stop_signal: expected SIGTERM or SIGINT, got SIGQUIT',
    );
  });
});
