import { cp, mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '@lab/manifest';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { parse, parseDocument } from 'yaml';
import { labPaths } from '../src/settings/paths.ts';
import { settingsFrom } from '../src/settings/settings.ts';
import { SECRET_NAMES } from '../src/settings/variables.ts';
import { renderConfiguration } from '../src/stack/lite/configuration.ts';

const PORTS = Object.fromEntries(
  readManifest().ports.map(({ variable }, index) => [variable, String(20_000 + index)]),
);
const SECRETS = Object.fromEntries(SECRET_NAMES.map((name) => [name, 'a-secret-of-the-test']));
const settings = settingsFrom({ ...PORTS, ...SECRETS });
const EVERY_PART = ['postgres-exporter', 'blackbox-exporter'];

async function filesBelow(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

describe('what Prometheus and Alertmanager read in lite', () => {
  it('is the checkout’s own files with this lab’s ports and paths, nothing left to fill in', async () => {
    await using folder = await temporaryFolder();
    const paths = labPaths({ LAB_STATE_DIR: folder.path });
    const draft = await renderConfiguration({ paths, settings, parts: EVERY_PART });
    await draft.use();
    const files = [...(await filesBelow(paths.prometheus)), ...(await filesBelow(paths.alertmanager))];
    for (const file of files) {
      const text = await readFile(file, 'utf8');
      const meant = text.replaceAll(/^\s*#.*$/gm, '');
      expect(meant, file).not.toMatch(/\$\{[A-Z_]+\}|console:8000|127\.0\.0\.1:8000|\/etc\/alertmanager/);
      if (file.endsWith('.yml')) expect(parseDocument(text).errors, file).toEqual([]);
    }
    const source = await readFile(join(paths.root, 'prometheus', 'prometheus.yml'), 'utf8');
    // Alerts lead to this lab's console: the one thing that differs.
    expect(await readFile(join(paths.prometheus, 'prometheus.yml'), 'utf8')).toBe(
      source.replace(
        'console: http://127.0.0.1:8000',
        `console: http://127.0.0.1:${settings.ports.CONSOLE_PORT}`,
      ),
    );
    expect(await readFile(join(paths.prometheus, 'targets', 'api.yml'), 'utf8')).toContain(
      `127.0.0.1:${settings.ports.API_MANAGEMENT_PORT}`,
    );
    expect(await readFile(join(paths.alertmanager, 'alertmanager.yml'), 'utf8')).toContain(
      join(paths.secrets, 'slack-alerts-url'),
    );
  });

  it('leaves out what looks at an exporter that could not be had', async () => {
    await using folder = await temporaryFolder();
    const paths = labPaths({ LAB_STATE_DIR: folder.path });
    await (await renderConfiguration({ paths, settings, parts: [] })).use();
    const targets = await filesBelow(join(paths.prometheus, 'targets'));
    expect(targets.some((file) => file.endsWith('exporter.yml'))).toBe(false);
    expect(targets.some((file) => file.endsWith('api.yml'))).toBe(true);
  });

  it('names each part’s target and instance by this machine’s port, and lists the parts for the console', async () => {
    await using folder = await temporaryFolder();
    const paths = labPaths({ LAB_STATE_DIR: folder.path });
    await (await renderConfiguration({ paths, settings, parts: EVERY_PART })).use();
    const read = (name: string) => readFile(join(paths.prometheus, name), 'utf8');
    const { API_MANAGEMENT_PORT: management, WEB_PORT: web, BLACKBOX_EXPORTER_PORT: prober } = settings.ports;
    expect(parse(await read('targets/api.yml'))).toEqual([
      {
        targets: [`127.0.0.1:${management}`],
        labels: { job: 'taskmanager-backend', instance: `api:${management}` },
      },
    ]);
    expect(parse(await read('targets/probes/api.yml'))).toEqual(
      [
        ['api-through-web', `http://127.0.0.1:${web}/api/v1/openapi.json`],
        ['api-ready', `http://127.0.0.1:${management}/readyz`],
      ].map(([target_name, target]) => ({
        targets: [target],
        labels: { target_name, __param_module: 'http_ok', __exporter__: `127.0.0.1:${prober}` },
      })),
    );
    const targets = await filesBelow(join(paths.prometheus, 'targets'));
    expect(targets.filter((file) => /toxiproxy|kibana|elasticsearch|README/.test(file))).toEqual([]);
    const listed = JSON.parse(await read('parts.json')) as { name: string; job: string | null }[];
    expect(listed).toContainEqual({
      name: 'api',
      title: 'API',
      service: 'taskmanager-api',
      job: 'taskmanager-backend',
    });
    expect(listed.find(({ name }) => name === 'toxiproxy')?.job).toBeNull();
    expect(listed.map(({ name }) => name)).not.toContain('fluentd');
  });

  it('is replaced file by file in folders that stay, and tells whether anything changed', async () => {
    await using folder = await temporaryFolder();
    const paths = labPaths({ LAB_STATE_DIR: folder.path });
    const render = async (sources = {}) => {
      const draft = await renderConfiguration({ paths, settings, parts: EVERY_PART, sources });
      await draft.use();
      return draft.differs;
    };
    expect(await render()).toBe(true);
    const inode = async () => (await stat(join(paths.prometheus, 'targets'))).ino;
    const before = await inode();
    expect(await render()).toBe(false);

    const copy = join(folder.path, 'copy');
    await cp(join(paths.root, 'prometheus', 'prometheus.yml'), join(copy, 'prometheus.yml'));
    await mkdir(join(copy, 'rules'));
    await writeFile(join(copy, 'rules', 'mine.yml'), 'groups: []\n');
    expect(await render({ prometheus: copy })).toBe(true);
    expect(await readdir(join(paths.prometheus, 'rules'))).toEqual(['mine.yml']);
    // Prometheus watches the folder itself.
    expect(await inode()).toBe(before);
    expect(await render()).toBe(true);
    expect(await readdir(join(paths.prometheus, 'rules'))).not.toContain('mine.yml');
  });
});
