/**
 * The configuration of Prometheus and Alertmanager, as every driver handles it: rendered from the checkout's files, written as a
 * draft that the tools' own checkers read, then put in place. What differs from one driver to another is what it adds to the files.
 */
import { globSync, readFileSync } from 'node:fs';
import { chmod, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { CONSOLE_URL, readRules, readRulesOf } from '@lab/prometheus';
import { CannotRun, describeError } from '../cli/failure.ts';
import type { LabPaths } from '../settings/paths.ts';
import type { Settings } from '../settings/settings.ts';
import type { ConfigurationSources } from './stack.ts';

export const CONFIGURED = ['prometheus', 'alertmanager'] as const;
export type Configured = (typeof CONFIGURED)[number];
export type File = [name: string, text: string];

/** Drafts lie inside the folders that are in use: full mode mounts those, so that the checkers in the containers see them. */
const DRAFT = 'draft';

/** Configuration that was rendered but is not in use yet. */
export interface Draft {
  /** Says whether it differs from the one in use. */
  differs: boolean;
  /** Puts it in place of the one in use, and removes the draft. */
  use(): Promise<void>;
}

/** Returns the files that do not depend on the parts that run, with links to this lab's console. */
export function sourceFiles(
  { root }: LabPaths,
  { ports }: Settings,
  sources: ConfigurationSources = {},
): Record<Configured, File[]> {
  const folder = (part: Configured) => sources[part] ?? join(root, part);
  const read = (part: Configured, name: string): File => [
    name,
    readFileSync(join(folder(part), name), 'utf8'),
  ];
  const linked = ([name, text]: File): File => [
    name,
    text.replaceAll(CONSOLE_URL, `http://127.0.0.1:${ports.CONSOLE_PORT}`),
  ];
  const rules = sources.prometheus ? readRulesOf(join(sources.prometheus, 'rules')) : readRules();
  const templates = globSync('templates/*.tmpl', { cwd: folder('alertmanager') });
  return {
    prometheus: [read('prometheus', 'prometheus.yml'), ...filesBelow('rules', rules)].map(linked),
    alertmanager: ['alertmanager.yml', ...templates].map((name) => read('alertmanager', name)).map(linked),
  };
}

export function filesBelow(folder: string, files: ReadonlyMap<string, string>): File[] {
  return [...files].map(([name, text]) => [join(folder, name), text]);
}

/** Returns the path of a part's main file in the draft. @param folder the folder in use, as the checker sees it. */
export function drafted(folder: string, part: Configured): string {
  return join(folder, DRAFT, `${part}.yml`);
}

/** Writes drafts. @param folders the folders in use. */
export async function writeDraft(
  folders: Readonly<Record<Configured, string>>,
  files: Readonly<Record<Configured, readonly File[]>>,
): Promise<Draft> {
  const drafts = await Promise.all(
    CONFIGURED.map(async (part) => {
      const [folder, wanted] = [folders[part], new Map(files[part])];
      await rm(join(folder, DRAFT), { recursive: true, force: true });
      const before = await filesIn(folder);
      for (const [name, text] of wanted) await writeReadable(join(folder, DRAFT, name), text);
      const changed = [...wanted].filter(([name, text]) => before.get(name) !== text);
      const surplus = [...before.keys()].filter((name) => !wanted.has(name));
      return { folder, changed, surplus };
    }),
  );
  return {
    differs: drafts.some(({ changed, surplus }) => changed.length > 0 || surplus.length > 0),
    async use() {
      // File by file, and each in its place: Prometheus watches folders, and a container may have mounted a single file.
      for (const { folder, changed, surplus } of drafts) {
        for (const [name, text] of changed) await writeReadable(join(folder, name), text);
        for (const name of surplus) await rm(join(folder, name));
        await chmod(folder, 0o755);
        await rm(join(folder, DRAFT), { recursive: true });
      }
    },
  };
}

/** Waits for the tools' own checkers. @throws CannotRun with their words; nothing was changed. */
export async function requireAccepted(checks: readonly Promise<unknown>[]): Promise<void> {
  const problems = (await Promise.allSettled(checks)).flatMap((result) =>
    result.status === 'rejected' ? [describeError(result.reason)] : [],
  );
  if (problems.length > 0)
    throw new CannotRun(['the configuration was refused; nothing was changed', ...problems].join('\n'));
}

/** Texts of all files below a folder, by name; none where it is not there yet. */
async function filesIn(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(
      files.map(async (file): Promise<File> => [relative(folder, file), await readFile(file, 'utf8')]),
    ),
  );
}

/** The tools in containers run as users of their own. */
async function writeReadable(file: string, text: string): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o755 });
  await writeFile(file, text);
  await chmod(file, 0o644);
}
