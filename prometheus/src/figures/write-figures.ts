import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ROOT } from '../repository.ts';

const present = z.object({ figures: z.record(z.string(), z.number()) });

/** Writes `docs/figures/NAME.json`; figures that this run did not measure stay as they were. */
export function writeFigures(name: string, command: string, figures: Record<string, number>): string {
  const folder = join(ROOT, 'docs/figures');
  const path = join(folder, `${name}.json`);
  const before = existsSync(path) ? present.parse(JSON.parse(readFileSync(path, 'utf8'))).figures : {};
  const content = {
    date: new Date().toISOString().slice(0, 10),
    machine: machine(),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { cwd: ROOT, encoding: 'utf8' }).trim(),
    command,
    figures: { ...before, ...figures },
  };
  mkdirSync(folder, { recursive: true });
  writeFileSync(path, `${JSON.stringify(content, null, 2)}\n`);
  return path;
}

function machine(): string {
  const release = existsSync('/etc/os-release') ? readFileSync('/etc/os-release', 'utf8') : '';
  const system = /^PRETTY_NAME="?([^"\n]*)/m.exec(release)?.[1] ?? process.platform;
  return `${cpus().length} vCPU, ${Math.round(totalmem() / 1024 ** 3)} GB, ${system}`;
}
