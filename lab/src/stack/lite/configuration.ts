/**
 * Renders what Prometheus and Alertmanager read in lite from the checkout's files: the same sources as full mode,
 * with this lab's ports and paths filled in. Always rendered into .lab, so that the sources stay what they are.
 */
import { cp, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { localAddress, readManifest } from '@lab/manifest';
import { ownTargetFiles, partsFile, readRules, readRulesOf, targetFiles } from '@lab/prometheus';
import { CannotRun } from '../../cli/failure.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import type { ConfigurationSources } from '../stack.ts';

/** Where rules link to by default (prometheus/src/links.ts), and where full mode's Alertmanager finds the console. */
const DEFAULT_CONSOLE = 'http://127.0.0.1:8000';
const FULL_MODE_CONSOLE = 'http://console:8000';
const FULL_MODE_SECRETS = '/etc/alertmanager/secrets';

export interface RenderOptions {
  paths: LabPaths;
  settings: Settings;
  /** Parts that run: an exporter that could not be had is not scraped. */
  parts: readonly string[];
  sources?: ConfigurationSources;
}

export interface Rendered {
  /** Folder with prometheus.yml, rules/, targets/ and parts.json. */
  prometheus: string;
  /** Folder with alertmanager.yml and templates/. */
  alertmanager: string;
}

/** Configuration that was rendered but is not in use yet. */
export interface Draft extends Rendered {
  /** Whether it is another than the one in use. */
  differs: boolean;
  /** Puts it in place of the one in use, and removes the draft. */
  use(): Promise<void>;
}

/**
 * Renders into folders beside the ones in use.
 * @returns the new folders, to be checked first and then used.
 */
export async function renderConfiguration(options: RenderOptions): Promise<Draft> {
  const { paths, sources = {} } = options;
  const draft = { prometheus: `${paths.prometheus}.new`, alertmanager: `${paths.alertmanager}.new` };
  await renderPrometheus(options, draft.prometheus);
  await renderAlertmanager(
    options,
    sources.alertmanager ?? join(paths.root, 'alertmanager'),
    draft.alertmanager,
  );
  const differs =
    (await contentsOf(draft.prometheus)) !== (await contentsOf(paths.prometheus)) ||
    (await contentsOf(draft.alertmanager)) !== (await contentsOf(paths.alertmanager));
  return {
    ...draft,
    differs,
    async use() {
      for (const name of ['prometheus', 'alertmanager'] as const) {
        if (differs) await replaceContents(draft[name], paths[name]);
        await rm(draft[name], { recursive: true, force: true });
      }
    },
  };
}

/** Names and contents of every file below a folder, as one text to compare. */
async function contentsOf(folder: string): Promise<string> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const texts = await Promise.all(
    files.sort().map(async (file) => [relative(folder, file), await readFile(file, 'utf8')]),
  );
  return JSON.stringify(texts);
}

/**
 * Makes `target` hold what `source` holds, file by file: Prometheus watches the folders themselves for targets, and
 * would go on watching one that was moved away.
 */
async function replaceContents(source: string, target: string): Promise<void> {
  await mkdir(target, { recursive: true });
  const wanted = await readdir(source, { withFileTypes: true });
  for (const entry of wanted) {
    const [from, to] = [join(source, entry.name), join(target, entry.name)];
    if (entry.isDirectory()) await replaceContents(from, to);
    else await rename(from, to);
  }
  const surplus = (await readdir(target)).filter((name) => !wanted.some((entry) => entry.name === name));
  for (const name of surplus) await rm(join(target, name), { recursive: true, force: true });
}

async function renderPrometheus(options: RenderOptions, target: string): Promise<void> {
  const { paths, settings, sources } = options;
  const source = sources?.prometheus;
  await rm(target, { recursive: true, force: true });
  for (const folder of ['rules', 'targets/probes']) await mkdir(join(target, folder), { recursive: true });
  await cp(join(source ?? join(paths.root, 'prometheus'), 'prometheus.yml'), join(target, 'prometheus.yml'));
  const consoleUrl = `http://127.0.0.1:${settings.ports.CONSOLE_PORT}`;
  for (const [name, text] of source ? readRulesOf(join(source, 'rules')) : readRules())
    await writeFile(join(target, 'rules', name), text.replaceAll(DEFAULT_CONSOLE, consoleUrl));
  for (const [name, text] of filesOfParts(options)) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    await writeFile(join(target, name), text);
  }
}

/** Targets, a person's own among them, and the console's list of parts. */
function filesOfParts({ paths, settings, parts }: RenderOptions): [name: string, text: string][] {
  const manifest = readManifest(paths.root);
  const present = manifest.parts.filter(({ name, lite }) => lite && (!lite.optional || parts.includes(name)));
  const scraped = present.filter(({ lite }) => lite?.scraped).map(({ name }) => name);
  const variables = Object.fromEntries(
    Object.entries(settings.ports).map(([name, value]) => [name, String(value)]),
  );
  const made = targetFiles({
    manifest,
    parts: scraped,
    address: (text, part) => localAddress(text, part, { manifest, root: paths.root, variables }),
  });
  const own = [...ownTargetFiles(join(paths.root, 'prometheus', 'targets', 'lite'))].map(
    ([name, text]): [string, string] => [name, fillPorts(text, settings, name)],
  );
  return [
    ...[...own, ...made].map(([name, text]): [string, string] => [join('targets', name), text]),
    ['parts.json', partsFile(manifest, { present: present.map(({ name }) => name), scraped })],
  ];
}

/** Replaces `${NAME_PORT}`. @throws CannotRun for a name that is no port of the lab. */
function fillPorts(text: string, settings: Settings, file: string): string {
  const ports: Record<string, number> = settings.ports;
  return text.replaceAll(/\$\{([A-Z_]+)\}/g, (_, name: string) => {
    const value = ports[name];
    if (value === undefined)
      throw new CannotRun(
        `prometheus/targets/lite/${file}: \${${name}} is no port of the lab (see .env.example)`,
      );
    return String(value);
  });
}

async function renderAlertmanager(options: RenderOptions, source: string, target: string): Promise<void> {
  const { paths, settings } = options;
  await rm(target, { recursive: true, force: true });
  await mkdir(target, { recursive: true });
  const text = await readFile(join(source, 'alertmanager.yml'), 'utf8');
  const rendered = text
    .replaceAll(FULL_MODE_SECRETS, paths.secrets)
    .replaceAll(FULL_MODE_CONSOLE, `http://127.0.0.1:${settings.ports.CONSOLE_PORT}`);
  await writeFile(join(target, 'alertmanager.yml'), rendered);
  await cp(join(source, 'templates'), join(target, 'templates'), { recursive: true });
}
