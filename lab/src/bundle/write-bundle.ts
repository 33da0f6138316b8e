/** Gathers versions, status, logs and configuration into one archive, and proves that no secret is in it. */
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { CannotRun, PromiseBroken } from '../cli/failure.ts';
import { runCommand } from '../process/run-command.ts';
import type { LabPaths } from '../settings/paths.ts';
import { createRedactor, type Redactor } from './redact.ts';

export interface BundleOptions {
  paths: LabPaths;
  /** Name of the archive, without `.tar.gz`. */
  name: string;
  /** What no file of the archive may hold, by name. */
  secrets: Record<string, string>;
  /** Texts that were gathered by asking, by file name. */
  texts: Record<string, string>;
}

/** Characters of a long log: only its end, where the trouble is. */
const LONGEST_TEXT = 1024 * 1024;

/**
 * Writes `reports/NAME.tar.gz`.
 * @returns its path.
 * @throws PromiseBroken where a secret was found in what was packed; the archive is then deleted.
 */
export async function writeBundle({ paths, name, secrets, texts }: BundleOptions): Promise<string> {
  await mkdir(paths.reports, { recursive: true });
  const work = await mkdtemp(join(paths.reports, '.bundle-'));
  try {
    const folder = join(work, name);
    const redactor = createRedactor(secrets);
    const put = async (file: string, text: string) => {
      await mkdir(dirname(join(folder, file)), { recursive: true });
      // Cut after, not before: half a secret would not be recognised.
      await writeFile(join(folder, file), redactor.redact(text).slice(-LONGEST_TEXT));
    };
    for (const [file, text] of Object.entries(texts)) await put(file, text);
    for (const file of await filesToPack(paths))
      await put(join('files', relative(paths.lab, file)), await readFile(file, 'utf8'));
    const archive = join(work, `${name}.tar.gz`);
    await runCommand('tar', ['--create', '--gzip', `--file=${archive}`, `--directory=${work}`, name]);
    await prove(archive, redactor);
    const target = join(paths.reports, `${name}.tar.gz`);
    await rename(archive, target);
    return target;
  } catch (error) {
    if (error instanceof PromiseBroken) throw error;
    throw new CannotRun('the bundle could not be written', { cause: error });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Logs, and the configuration that was rendered; never .env, secrets or data. */
async function filesToPack({ logs, prometheus, alertmanager }: LabPaths): Promise<string[]> {
  const found: string[] = [];
  for (const folder of [logs, prometheus, alertmanager]) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
    found.push(
      ...entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name)),
    );
  }
  return found;
}

/** Looks into the finished archive, not at what was meant to go in. */
async function prove(archive: string, redactor: Redactor): Promise<void> {
  const { stdout } = await runCommand('tar', ['--extract', '--gzip', '--to-stdout', `--file=${archive}`]);
  const { stdout: names } = await runCommand('tar', ['--list', '--gzip', `--file=${archive}`]);
  const leaked = redactor.found(stdout + names);
  if (leaked.length > 0) throw new PromiseBroken(`no bundle was written: it would hold ${leaked.join(', ')}`);
}
