/**
 * What Prometheus and Alertmanager read in full mode: a copy of the checkout's files, in which the console's port and, for
 * chaos, durations are filled in. Drafts lie inside the mounted folders, so that the tools' own checkers in the containers can
 * read them before they are used.
 */
import { chmod, cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
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

/** Puts drafts in the mounted folders. */
export async function draftConfiguration(
  paths: LabPaths,
  settings: Settings,
  sources: ConfigurationSources = {},
): Promise<void> {
  for (const { part, file } of TOOLS) {
    const source = sources[part] ?? join(paths.root, part);
    const draft = join(configurationFolder(paths, part), DRAFT);
    await rm(draft, { recursive: true, force: true });
    await mkdir(draft, { recursive: true });
    await cp(join(source, file), join(draft, file));
    const [folder, kind] = part === 'prometheus' ? ['rules', /\.ya?ml$/] : ['templates', /\.tmpl$/];
    await mkdir(join(draft, folder));
    for (const name of (await readdir(join(source, folder))).filter((each) => kind.test(each))) {
      const text = await readFile(join(source, folder, name), 'utf8');
      await writeFile(
        join(draft, folder, name),
        text.replaceAll(DEFAULT_CONSOLE, `http://127.0.0.1:${settings.ports.CONSOLE_PORT}`),
      );
    }
  }
  // compose.yaml mounts the targets of full mode here.
  await mkdir(join(configurationFolder(paths, 'prometheus'), 'targets'), { recursive: true });
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
      const target = join(folder, entry.name);
      if (entry.isDirectory()) {
        changed = (await replaceFolder(join(draft, entry.name), target)) || changed;
      } else changed = (await replaceFile(join(draft, entry.name), target)) || changed;
    }
    await chmod(folder, 0o755);
    await rm(draft, { recursive: true, force: true });
  }
  return changed;
}

async function replaceFolder(source: string, target: string): Promise<boolean> {
  await mkdir(target, { recursive: true, mode: 0o755 });
  const names = await readdir(source);
  const surplus = (await readdir(target)).filter((name) => !names.includes(name));
  for (const name of surplus) await rm(join(target, name), { recursive: true });
  const changed = await Promise.all(names.map((name) => replaceFile(join(source, name), join(target, name))));
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
