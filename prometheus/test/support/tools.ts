import { existsSync, globSync } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '../../..');

/**
 * Path of a tool (promtool, amtool, prometheus …): from `PATH`, else from where `make tools` unpacks Debian's packages.
 * `names` are tried in turn: Debian calls some programs otherwise than their makers. Throws when none is found.
 */
export function findTool(...names: string[]): string {
  const unpacked = resolve(ROOT, process.env['LAB_TOOLS_DIR'] || '.lab/tools');
  for (const name of names) {
    for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
      if (folder !== '' && existsSync(join(folder, name))) return join(folder, name);
    }
    const [found] = globSync([`**/usr/bin/${name}`, `**/bin/${name}`], { cwd: unpacked });
    if (found !== undefined) return join(unpacked, found);
  }
  throw new Error(`${names.join(' or ')}: neither on PATH nor below ${unpacked}; run make tools`);
}
