import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { isTested, parseVersion, TOOLS } from '../src/tools/catalogue.ts';
import { ensureTools, findAll } from '../src/tools/ensure-tools.ts';
import { relocateExecutables } from '../src/tools/relocate.ts';

/** A program that only says which version it is. */
async function pretend(folder: string, name: string, version: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const file = join(folder, name);
  await writeFile(file, `#!/bin/sh\necho "${name}, version ${version} (branch: x, revision: y)"\n`);
  await chmod(file, 0o755);
}

async function pretendAll(
  folder: string,
  versions: { prometheus?: string; alertmanager?: string } = {},
): Promise<void> {
  const { prometheus = '2.42.0+ds', alertmanager = '0.25.0' } = versions;
  await pretend(folder, 'prometheus', prometheus);
  await pretend(folder, 'promtool', prometheus);
  await pretend(folder, 'prometheus-alertmanager', alertmanager);
  await pretend(folder, 'amtool', alertmanager);
}

describe('versions', () => {
  it.each([
    ['prometheus, version 2.42.0+ds (branch: debian/sid, revision: 2.42.0+ds-5)', [2, 42]],
    ['prometheus, version 3.15.1 (branch: HEAD)\n  build user: x', [3, 15]],
    ['alertmanager, version 0.31.1 (branch: HEAD', [0, 31]],
    ['something else entirely', undefined],
  ])('are read from %j', (output, version) => expect(parseVersion(output)).toEqual(version));

  it.each([
    ['prometheus', [2, 41], false],
    ['prometheus', [2, 42], true],
    ['prometheus', [3, 15], true],
    ['prometheus', [4, 0], false],
    ['alertmanager', [0, 24], false],
    ['alertmanager', [0, 25], true],
  ] as const)('%s %j tested: %j', (name, version, tested) =>
    expect(isTested(TOOLS[name], version)).toBe(tested),
  );
});

describe('finding tools', () => {
  it('takes what is on PATH, under upstream’s or Debian’s name', async () => {
    await using folder = await temporaryFolder();
    const bin = join(folder.path, 'bin');
    await pretendAll(bin);
    const { found, missing } = await findAll({ toolsFolder: join(folder.path, 'tools'), path: bin });
    expect(found.prometheus?.executables).toEqual([join(bin, 'prometheus'), join(bin, 'promtool')]);
    expect(found.alertmanager?.executables).toEqual([
      join(bin, 'prometheus-alertmanager'),
      join(bin, 'amtool'),
    ]);
    expect(missing.map(({ name }) => name).sort()).toEqual(['blackbox-exporter', 'postgres-exporter']);
  });

  it('passes over a version it was not tested with for a tested one further on', async () => {
    await using folder = await temporaryFolder();
    const [old, unpacked] = [join(folder.path, 'old'), join(folder.path, 'tools/debian/x/usr/bin')];
    await pretendAll(old, { prometheus: '2.31.2' });
    await pretendAll(unpacked);
    const { found } = await findAll({ toolsFolder: join(folder.path, 'tools'), path: old });
    expect(found.prometheus).toMatchObject({
      executables: [join(unpacked, 'prometheus'), join(unpacked, 'promtool')],
      root: join(folder.path, 'tools/debian/x'),
    });
  });

  it('refuses to start with nothing but untested versions, naming file, version and what is expected', async () => {
    await using folder = await temporaryFolder();
    const bin = join(folder.path, 'bin');
    await pretendAll(bin, { prometheus: '4.0.0', alertmanager: '0.24.0' });
    // A PATH without apt-get: nothing can be fetched either.
    const attempt = ensureTools({
      toolsFolder: join(folder.path, 'tools'),
      path: bin,
      progress: () => undefined,
    });
    await expect(attempt).rejects.toThrow(
      new RegExp(
        `${join(bin, 'prometheus')} is 4.0, the lab is tested with 2.42 or newer, before 4.0.*brew install prometheus`,
      ),
    );
    await expect(attempt).rejects.toThrow(/prometheus-alertmanager is 0.24, the lab is tested with 0.25/);
  });

  it('goes on without an exporter, and says so', async () => {
    await using folder = await temporaryFolder();
    const bin = join(folder.path, 'bin');
    await pretendAll(bin);
    const said: string[] = [];
    const found = await ensureTools({
      toolsFolder: join(folder.path, 'tools'),
      path: bin,
      progress: (line) => said.push(line),
    });
    expect(Object.keys(found).sort()).toEqual(['alertmanager', 'prometheus']);
    expect(said.join('\n')).toContain('going on without: postgres-exporter was found neither on PATH nor in');
  });

  it('does not take a Prometheus without its promtool', async () => {
    await using folder = await temporaryFolder();
    await pretend(folder.path, 'prometheus', '2.42.0');
    const { missing } = await findAll({ toolsFolder: join(folder.path, 'tools'), path: folder.path });
    const rejected = missing.find(({ name }) => name === 'prometheus')?.rejected;
    expect(rejected?.[0]?.reason).toContain('comes without promtool');
  });

  it('makes the paths inside unpacked programs relative without changing their length', async () => {
    await using folder = await temporaryFolder();
    const bin = join(folder.path, 'usr/bin');
    await mkdir(bin, { recursive: true });
    const before = 'x/usr/share/prometheus/alertmanager/default.tmpl\0/usr/share/prometheus/web/';
    await writeFile(join(bin, 'program'), before);
    await writeFile(join(bin, 'other'), 'nothing to see');
    expect(await relocateExecutables(folder.path)).toBe(2);
    const after = await readFile(join(bin, 'program'), 'utf8');
    expect(after).toBe('xusr/share/prometheus//alertmanager/default.tmpl\0usr/share/prometheus//web/');
    expect(after.length).toBe(before.length);
  });
});
