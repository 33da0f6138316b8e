/** Writes measured numbers where README takes them from (DESIGN 7); numbers of other commands in the file stay. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { runCommand } from '@lab/cli';
import { z } from 'zod';

/** A number, but for what names the conditions of one (the gallery's mode). */
type Figure = number | string;

const file = z.object({ figures: z.record(z.string(), z.union([z.number(), z.string()])) });

/**
 * Writes `docs/figures/NAME.json`; figures that this run did not measure stay as they were.
 * @param measured the figures and their command; `with` names what the machine's description must tell besides, as versions of tools.
 * @returns the file's path.
 */
export async function writeFigures(
  root: string,
  name: string,
  measured: { command: string; figures: Record<string, Figure>; with?: string },
): Promise<string> {
  const path = join(root, 'docs', 'figures', `${name}.json`);
  const present = await readFile(path, 'utf8').then(
    (text) => file.parse(JSON.parse(text)).figures,
    () => ({}),
  );
  // A checkout that was downloaded as an archive has no history.
  const commit = await runCommand('git', ['rev-parse', '--short', 'HEAD'], { cwd: root }).then(
    ({ stdout }) => stdout,
    () => 'unknown',
  );
  const content = {
    date: new Date().toISOString().slice(0, 10),
    machine: [await describeMachine(), ...(measured.with ? [measured.with] : [])].join(', '),
    commit,
    command: measured.command,
    figures: { ...present, ...measured.figures },
  };
  await mkdir(join(root, 'docs', 'figures'), { recursive: true });
  await writeFile(path, `${JSON.stringify(content, null, 2)}\n`);
  return path;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

async function describeMachine(): Promise<string> {
  const release = await readFile('/etc/os-release', 'utf8').catch(() => '');
  const system = /^PRETTY_NAME="?([^"\n]*)/m.exec(release)?.[1] ?? process.platform;
  return `${cpus().length} vCPU, ${Math.round(totalmem() / 1024 ** 3)} GB, ${system}`;
}
