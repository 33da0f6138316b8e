import { execFileSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { ROOT } from '../repository.ts';

const UNPACKED = resolve(ROOT, process.env['LAB_TOOLS_DIR'] || '.lab/tools');

/**
 * Path of a tool (promtool, amtool, prometheus …): from `PATH`, else from where `make tools` unpacks Debian's packages, which is done
 * first when it has not been. `names` are tried in turn: Debian calls some programs otherwise than their makers.
 * Throws when none can be had.
 */
export function findTool(...names: [string, ...string[]]): string {
  const found = lookFor(names);
  if (found !== undefined) return found;
  execFileSync(process.execPath, [join(ROOT, 'lab/src/main.ts'), 'tools'], {
    cwd: ROOT,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const fetched = lookFor(names);
  if (fetched === undefined) throw new Error(`${names.join(' or ')}: neither on PATH nor below ${UNPACKED}`);
  return fetched;
}

/** Working directory that a tool needs: Debian's unpacked programs look for their own files below the package's root. */
export function toolRoot(path: string): string {
  return path.startsWith(UNPACKED) ? resolve(path, '../../..') : ROOT;
}

function lookFor(names: readonly string[]): string | undefined {
  for (const name of names) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
    }
    const [found] = globSync(`debian/*/usr/bin/${name}`, { cwd: UNPACKED });
    if (found !== undefined) return join(UNPACKED, found);
  }
  return undefined;
}
