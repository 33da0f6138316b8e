import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readManifest } from '@lab/manifest';
import { temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { environmentExample } from '../src/settings/environment-example.ts';
import { ensureEnvironmentFile, parseEnvironment } from '../src/settings/environment-file.ts';
import { labPaths } from '../src/settings/paths.ts';
import { loadSettings, settingsFrom } from '../src/settings/settings.ts';
import { ensureSlackFiles } from '../src/settings/slack-webhooks.ts';
import { SECRET_NAMES, SECRET_PURPOSES } from '../src/settings/variables.ts';

const manifest = readManifest();
const PORT_NAMES = manifest.ports.map(({ variable }) => variable);

/** A distinct valid value for every variable. */
const DISTINCT: Record<string, string> = Object.fromEntries([
  ...PORT_NAMES.map((name, index) => [name, String(20_000 + index)]),
  ...SECRET_NAMES.map((name, index) => [name, `secret-number-${index}-of-the-test`]),
]);

const SECRETS_ONLY = Object.fromEntries(SECRET_NAMES.map((name) => [name, DISTINCT[name]]));

describe('settings', () => {
  it('take every variable to its own place', () => {
    const settings = settingsFrom({ ...DISTINCT, MODE: 'full' });
    for (const name of PORT_NAMES) expect(String(settings.ports[name])).toBe(DISTINCT[name]);
    for (const name of SECRET_NAMES) expect(settings.secrets[name]).toBe(DISTINCT[name]);
    expect(settings.mode).toBe('full');
  });

  it('fall back to the documented ports and to no mode', () => {
    const { ports, mode } = settingsFrom(SECRETS_ONLY);
    expect(ports).toMatchObject({
      WEB_PORT: 8080,
      CONSOLE_PORT: 8000,
      PROMETHEUS_PORT: 9090,
      POSTGRES_PORT: 5432,
    });
    expect(mode).toBeUndefined();
  });

  it.each(['0', '65536', '80 80', '8080x', '-1', '1e3', '٣٠٠١', '8080.0', '99999999'])(
    'refuse %j as a port, in one line with name, value and expected form',
    (value) => {
      expect(() => settingsFrom({ ...DISTINCT, WEB_PORT: value })).toThrow(
        `WEB_PORT: expected a whole number from 1 to 65535, got ${JSON.stringify(value)}`,
      );
    },
  );

  it('tell of every bad value at once, and never a secret', () => {
    const bad = { ...DISTINCT, API_PORT: 'x', LAB_TOKEN: 'short', MODE: 'medium' };
    const complaint = () => settingsFrom(bad);
    expect(complaint).toThrow(
      /API_PORT.*\n.*LAB_TOKEN: expected at least 16.*\n.*MODE: expected `lite`, `full` or `kubernetes`/,
    );
    expect(complaint).not.toThrow(/short/);
  });

  it('refuse one port for two parts of a mode, but not across modes', () => {
    expect(() => settingsFrom({ ...DISTINCT, WEB_PORT: '20500', API_PORT: '20500' })).toThrow(
      /WEB_PORT.*20500|API_PORT.*20500/,
    );
    expect(
      settingsFrom({ ...DISTINCT, KIBANA_PORT: '20500', API_MANAGEMENT_PORT: '20500' }).ports.KIBANA_PORT,
    ).toBe(20_500);
  });

  it.each([
    ['GRAFANA_REPLICAS', '2', 'GRAFANA_REPLICAS: expected 0 or 1, got "2"'],
    ['KIBANA_REPLICAS', 'no', 'KIBANA_REPLICAS: expected 0 or 1, got "no"'],
    [
      'COMPOSE_PROFILES',
      'host,hots',
      'COMPOSE_PROFILES: expected profiles of compose.yaml (host, load, screenshots) with commas between them, got "host,hots"',
    ],
  ])('refuse %s=%s', (name, value, complaint) => {
    expect(() => settingsFrom({ ...DISTINCT, [name]: value })).toThrow(complaint);
  });

  it('take what compose.yaml knows, and keep the variables that it names', () => {
    const some = { COMPOSE_PROFILES: 'host,load', KIBANA_REPLICAS: '0', LOG_LEVEL: 'debug', HOME: '/root' };
    const { variables } = settingsFrom({ ...DISTINCT, ...some });
    expect(variables).toEqual({ KIBANA_REPLICAS: '0', LOG_LEVEL: 'debug' });
  });

  it('say `make env` where a secret is missing', () => {
    expect(() => settingsFrom({ ...DISTINCT, SESSION_SECRET: '' })).toThrow(
      'SESSION_SECRET is not set: run `make env`',
    );
  });

  it('let the shell win over .env, an empty variable of the shell excepted', async () => {
    await using folder = await temporaryFolder();
    const paths = labPaths({ LAB_STATE_DIR: folder.path });
    await ensureEnvironmentFile(paths.environmentFile);
    await writeFile(
      paths.environmentFile,
      `${await readFile(paths.environmentFile, 'utf8')}WEB_PORT=1111\nAPI_PORT=2222\n`,
    );
    const { ports } = await loadSettings(paths, { WEB_PORT: '3333', API_PORT: '' });
    expect([ports.WEB_PORT, ports.API_PORT]).toEqual([3333, 2222]);
  });
});

describe('.env', () => {
  it('is written with a fresh secret each, readable by its owner only', async () => {
    await using folder = await temporaryFolder();
    const [one, two] = [join(folder.path, 'one', '.env'), join(folder.path, 'two', '.env')];
    expect(await ensureEnvironmentFile(one)).toEqual(SECRET_NAMES);
    await ensureEnvironmentFile(two);
    expect((await stat(one)).mode & 0o777).toBe(0o600);
    const values = [one, two].map(async (file) =>
      Object.values(parseEnvironment(await readFile(file, 'utf8'), file)),
    );
    const all = (await Promise.all(values)).flat();
    expect(new Set(all).size).toBe(2 * SECRET_NAMES.length);
    for (const value of all) expect(value).toMatch(/^[0-9a-f]{48}$/);
  });

  it('keeps what a person wrote and adds only what is missing, at a second run nothing', async () => {
    await using folder = await temporaryFolder();
    const file = join(folder.path, '.env');
    await writeFile(file, '# mine\nWEB_PORT=9999\nLAB_TOKEN="my own token, quoted"', { mode: 0o644 });
    expect(await ensureEnvironmentFile(file)).toEqual(SECRET_NAMES.filter((name) => name !== 'LAB_TOKEN'));
    const text = await readFile(file, 'utf8');
    expect(text).toMatch(/^# mine\nWEB_PORT=9999\nLAB_TOKEN="my own token, quoted"\n/);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await ensureEnvironmentFile(file)).toEqual([]);
    expect(await readFile(file, 'utf8')).toBe(text);
  });

  it('is read as Compose reads it', () => {
    const text =
      'A=plain # comment\nexport B="with # inside"\nC=\'single $x\'\n\n  # whole line\nD=\nE=a=b#c\r\n';
    expect(parseEnvironment(text, '.env')).toEqual({
      A: 'plain',
      B: 'with # inside',
      C: 'single $x',
      D: '',
      E: 'a=b#c',
    });
  });

  it.each([
    ['no assignment', '.env line 2: expected NAME=value'],
    ['1A=x', '.env line 2'],
    ['A="open', '.env line 2: the value of A has an opening quote'],
  ])('with the line %j is refused, naming the line', (line, message) => {
    expect(() => parseEnvironment(`OK=1\n${line}`, '.env')).toThrow(message);
  });

  it('has every variable explained in .env.example, with its default', async () => {
    const example = await readFile(join(labPaths().root, '.env.example'), 'utf8');
    for (const { variable, default: port } of manifest.ports)
      expect(example).toContain(`# ${variable}=${port}\n`);
    for (const name of SECRET_NAMES) expect(example).toContain(`# ${SECRET_PURPOSES[name]}\n# ${name}=\n`);
    expect(example, 'npm run env-example -w lab').toBe(environmentExample(manifest));
  });
});

describe('the Slack addresses', () => {
  it('lead to the inbox of this console, also after its port changed, and a real one is kept', async () => {
    await using folder = await temporaryFolder();
    const secrets = join(folder.path, 'secrets');
    const read = (name: string) => readFile(join(secrets, name), 'utf8');
    await ensureSlackFiles(secrets, settingsFrom({ ...DISTINCT, CONSOLE_PORT: '1234' }));
    expect(await read('slack-alerts-url')).toBe('http://127.0.0.1:1234/hooks/slack/alerts');
    await mkdir(secrets, { recursive: true });
    await writeFile(join(secrets, 'slack-critical-alerts-url'), 'https://hooks.example/T/B/x\n');
    await ensureSlackFiles(secrets, settingsFrom({ ...DISTINCT, CONSOLE_PORT: '4321' }));
    expect(await read('slack-alerts-url')).toBe('http://127.0.0.1:4321/hooks/slack/alerts');
    expect(await read('slack-critical-alerts-url')).toBe('https://hooks.example/T/B/x\n');
  });
});
