import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '@lab/manifest';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { labPaths } from '../../src/settings/paths.ts';
import { settingsFrom } from '../../src/settings/settings.ts';
import { ensureSlackFilesForContainers } from '../../src/settings/slack-webhooks.ts';
import { SECRET_NAMES } from '../../src/settings/variables.ts';
import { isRecent } from '../../src/stack/full/compose-command.ts';
import { configurationFolder, draftConfiguration } from '../../src/stack/full/configuration.ts';
import { describeContainer, parseBytes } from '../../src/stack/full/containers.ts';
import { keptParts } from '../../src/stack/full/stack.ts';

const secrets = Object.fromEntries(SECRET_NAMES.map((name) => [name, `${name}-0123456789abcdef`]));
const settings = settingsFrom({ ...secrets, CONSOLE_PORT: '18123' });

describe("Compose's version", () => {
  it.each(['2.24.0', 'v2.35.0', '5.5.0', '2.40.3-desktop.1', 'dev'])('%s is recent enough', (version) => {
    expect(isRecent(version)).toBe(true);
  });
  it.each(['1.29.2', '2.23.3', 'v2.9.0', ''])('"%s" is not', (version) => {
    expect(isRecent(version)).toBe(false);
  });
});

it('starts neither what has no replicas nor what a command runs, whichever profiles are on', () => {
  const services = {
    api: {},
    'elasticsearch-setup': {},
    k6: {},
    kibana: { deploy: { replicas: 0 } },
    'node-exporter': {},
    playwright: {},
  };
  expect(keptParts(services, readManifest())).toEqual(['api', 'elasticsearch-setup', 'node-exporter']);
});

describe('the state of a container', () => {
  const running = {
    Status: 'running',
    Paused: false,
    Restarting: false,
    OOMKilled: false,
    ExitCode: 0,
    Error: '',
    StartedAt: '2026-11-22T10:00:00Z',
    FinishedAt: '2026-11-22T09:00:00Z',
  };
  const describeState = (state: object, name = 'api') =>
    describeContainer({
      Id: 'abc',
      RestartCount: 0,
      Config: { Labels: { 'com.docker.compose.service': name } },
      State: { ...running, ...state },
    });

  it('is ready when it is healthy', () => {
    expect(describeState({ Health: { Status: 'healthy' } })).toMatchObject({
      state: 'ready',
      since: '2026-11-22T10:00:00Z',
      detail: undefined,
    });
  });

  it('is failed when it is unhealthy, with what its check said last', () => {
    const Log = [{ Output: 'older' }, { Output: 'first line\n/readyz: 503 database\n' }];
    expect(describeState({ Health: { Status: 'unhealthy', Log } })).toMatchObject({
      state: 'failed',
      detail: '/readyz: 503 database',
    });
  });

  it('is paused when it is frozen, whatever its health was', () => {
    expect(describeState({ Status: 'paused', Paused: true, Health: { Status: 'healthy' } }).state).toBe(
      'paused',
    );
  });

  it('says that it was killed for memory', () => {
    expect(describeState({ Status: 'exited', OOMKilled: true, ExitCode: 137 })).toMatchObject({
      state: 'failed',
      detail: expect.stringContaining('memory') as string,
    });
  });

  it('is stopped when somebody stopped it, failed when it ended by itself', () => {
    expect(describeState({ Status: 'exited', ExitCode: 143 }).state).toBe('stopped');
    expect(describeState({ Status: 'exited', ExitCode: 2 }).state).toBe('failed');
  });

  it('takes the end of a one-shot for success, and its failure for one', () => {
    expect(describeState({ Status: 'exited' }, 'elasticsearch-setup').state).toBe('ready');
    expect(describeState({ Status: 'exited', ExitCode: 1 }, 'elasticsearch-setup').state).toBe('failed');
  });
});

it.each([
  ['84.5MiB', 84.5 * 1024 ** 2],
  ['1.25GiB', 1.25 * 1024 ** 3],
  ['512B', 512],
  ['--', undefined],
])('reads %s of memory', (text, bytes) => {
  expect(parseBytes(text)).toBe(bytes);
});

it("gives Alertmanager's container the console's inbox, and a real webhook as it is", async () => {
  await using folder = await temporaryFolder();
  const secretsFolder = join(folder.path, 'secrets');
  await mkdir(secretsFolder);
  await writeFile(join(secretsFolder, 'slack-critical-alerts-url'), 'https://hooks.example/T/B/x\n');
  await ensureSlackFilesForContainers(secretsFolder, settings);
  const read = (name: string) => readFile(join(secretsFolder, 'alertmanager', name), 'utf8');
  expect(await read('slack-alerts-url')).toBe('http://console:8000/hooks/slack/alerts');
  expect(await read('slack-critical-alerts-url')).toBe('https://hooks.example/T/B/x');
  const mode = async (path: string) => (await stat(path)).mode & 0o777;
  expect(await mode(secretsFolder)).toBe(0o700);
  expect(await mode(join(secretsFolder, 'alertmanager', 'slack-alerts-url'))).toBe(0o644);
});

it("renders the rules' links to this lab's console, and says when nothing changed", async () => {
  await using folder = await temporaryFolder();
  const paths = labPaths({ LAB_STATE_DIR: folder.path });
  const draft = await draftConfiguration(paths, settings, ['api', 'prometheus', 'blackbox-exporter']);
  await draft.use();
  expect(draft.differs).toBe(true);
  const written = (name: string) => readFile(join(configurationFolder(paths, 'prometheus'), name), 'utf8');
  expect(await written('prometheus.yml')).toContain('console: http://127.0.0.1:18123\n');
  expect(await written('rules/parts.yml')).toContain('{{ $externalLabels.console }}/runbooks/');
  for (const name of ['prometheus.yml', 'rules/parts.yml'])
    expect(await written(name)).not.toContain('http://127.0.0.1:8000');
  const target = (name: string) =>
    readFile(join(configurationFolder(paths, 'prometheus'), 'targets', name), 'utf8');
  expect(await target('full/api.yml')).toContain('api:9464');
  // Whichever compose.yaml mounts: what does not run is no target.
  for (const name of ['full/web.yml', 'optional/grafana-1.yml', 'optional/node-exporter-1.yml'])
    expect(parse(await target(name)), name).toEqual([]);
  const again = await draftConfiguration(paths, settings, ['api', 'prometheus', 'blackbox-exporter']);
  await again.use();
  expect(again.differs).toBe(false);
});
