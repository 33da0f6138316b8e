/**
 * What Prometheus and Alertmanager read in full mode: a copy of the checkout's files, in which the console's port and, for
 * chaos, durations are filled in. Drafts lie inside the mounted folders, so that the tools' own checkers in the containers can
 * read them before they are used.
 */
import type { Dirent } from 'node:fs';
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readManifest } from '@lab/manifest';
import { composeTargetFiles, ownTargetFiles, partsFile, readRules, readRulesOf } from '@lab/prometheus';
import { CannotRun, describeError } from '../../cli/failure.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import type { ConfigurationSources } from '../stack.ts';
import type { ComposeCommand } from './compose-command.ts';

/** Where rules link to as they are written. */
const DEFAULT_CONSOLE = 'http://127.0.0.1:8000';
const DRAFT = 'draft';
const TOOLS = [
  {
    part: 'prometheus',
    check: ['promtool', 'check', 'config'],
    file: 'prometheus.yml',
    folder: '/etc/prometheus',
  },
  {
    part: 'alertmanager',
    check: ['amtool', 'check-config'],
    file: 'alertmanager.yml',
    folder: '/etc/alertmanager/config',
  },
] as const;

/** Folder of the checkout's copy, by part: compose.yaml's PROMETHEUS_CONFIG_DIR and ALERTMANAGER_CONFIG_DIR. */
export function configurationFolder(paths: LabPaths, part: 'prometheus' | 'alertmanager'): string {
  return join(paths.lab, 'full', part);
}

/** Puts drafts in the mounted folders. @param parts names of the parts that run: only they are targets. */
export async function draftConfiguration(
  paths: LabPaths,
  settings: Settings,
  parts: readonly string[],
  sources: ConfigurationSources = {},
): Promise<void> {
  const consoleUrl = `http://127.0.0.1:${settings.ports.CONSOLE_PORT}`;
  for (const { part, file } of TOOLS) {
    const source = sources[part] ?? join(paths.root, part);
    const draft = join(configurationFolder(paths, part), DRAFT);
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    await cp(join(source, file), join(draft, file));
    const files = part === 'prometheus' ? prometheusFiles(paths, parts, sources) : await templatesOf(source);
    for (const [name, text] of files) {
      await mkdir(dirname(join(draft, name)), { recursive: true });
      await writeFile(join(draft, name), text.replaceAll(DEFAULT_CONSOLE, consoleUrl));
    }
  }
}

/** Rules, targets and the console's list of parts, laid out as in the checkout: compose.yaml mounts either. */
function prometheusFiles(
  { root }: LabPaths,
  parts: readonly string[],
  { prometheus }: ConfigurationSources,
): [name: string, text: string][] {
  const manifest = readManifest(root);
  const below = (folder: string, files: ReadonlyMap<string, string>) =>
    [...files].map(([name, text]): [string, string] => [join(folder, name), text]);
  return [
    ...below('rules', prometheus ? readRulesOf(join(prometheus, 'rules')) : readRules()),
    ...below('targets/full', ownTargetFiles(join(root, 'prometheus', 'targets', 'full'))),
    ...below('targets', composeTargetFiles(manifest, parts)),
    ['parts.json', partsFile(manifest, { present: parts, scraped: parts })],
  ];
}

async function templatesOf(source: string): Promise<[name: string, text: string][]> {
  const names = (await readdir(join(source, 'templates'))).filter((name) => name.endsWith('.tmpl'));
  return Promise.all(
    names.map(
      async (name): Promise<[string, string]> => [
        join('templates', name),
        await readFile(join(source, 'templates', name), 'utf8'),
      ],
    ),
  );
}

/**
 * Has the tools' own checkers read the drafts, in those containers that run.
 * @throws CannotRun with the checkers' words; nothing was changed.
 */
export async function checkDrafts(command: ComposeCommand, running: readonly string[]): Promise<void> {
  const problems: string[] = [];
  for (const { part, check, file, folder } of TOOLS) {
    if (!running.includes(part)) continue;
    await command
      .compose(['exec', '-T', part, ...check, `${folder}/${DRAFT}/${file}`])
      .catch((error: unknown) => {
        problems.push(describeError(error));
      });
  }
  if (problems.length > 0)
    throw new CannotRun(['the configuration was refused; nothing was changed', ...problems].join('\n'));
}

/** Puts the drafts in place, readable for the tools' users. @returns whether anything differs from before. */
export async function useDrafts(paths: LabPaths): Promise<boolean> {
  let changed = false;
  for (const { part } of TOOLS) {
    const folder = configurationFolder(paths, part);
    const draft = join(folder, DRAFT);
    for (const entry of await readdir(draft, { withFileTypes: true })) {
      changed = (await replace(entry, draft, folder)) || changed;
    }
    await chmod(folder, 0o755);
    await rm(draft, { recursive: true, force: true });
  }
  return changed;
}

/** @returns whether anything differs from before. */
function replace(entry: Dirent, from: string, to: string): Promise<boolean> {
  const [source, target] = [join(from, entry.name), join(to, entry.name)];
  return entry.isDirectory() ? replaceFolder(source, target) : replaceFile(source, target);
}

async function replaceFolder(source: string, target: string): Promise<boolean> {
  await mkdir(target, { recursive: true, mode: 0o755 });
  const wanted = await readdir(source, { withFileTypes: true });
  const surplus = (await readdir(target)).filter((name) => !wanted.some((entry) => entry.name === name));
  for (const name of surplus) await rm(join(target, name), { recursive: true });
  const changed = await Promise.all(wanted.map((entry) => replace(entry, source, target)));
  return changed.includes(true) || surplus.length > 0;
}

async function replaceFile(source: string, target: string): Promise<boolean> {
  const text = await readFile(source);
  // Not there before the first start.
  const before = await readFile(target).catch(() => undefined);
  if (before?.equals(text)) return false;
  await writeFile(target, text);
  await chmod(target, 0o644);
  return true;
}
