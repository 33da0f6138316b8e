/**
 * Debian builds Prometheus and Alertmanager to read their pages and templates from /usr/share/prometheus: without
 * alertmanager/default.tmpl Alertmanager does not even start. Unpacked elsewhere, that path does not exist, and no
 * option changes it. So the path inside the executables is made relative, byte for byte as long as before
 * (`/usr/share/prometheus/` → `usr/share/prometheus//`), and the programs run with the unpacked root as their
 * working directory.
 */
import { existsSync } from 'node:fs';
import { chmod, readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ABSOLUTE = Buffer.from('/usr/share/prometheus/');
const RELATIVE = Buffer.from('usr/share/prometheus//');

/** Makes every executable below `root` find its files there. @returns how many paths were changed. */
export async function relocateExecutables(root: string): Promise<number> {
  const folder = join(root, 'usr', 'bin');
  if (!existsSync(folder)) return 0;
  let changed = 0;
  for (const name of await readdir(folder)) {
    const file = join(folder, name);
    const content = await readFile(file);
    const found = replaceAll(content);
    changed += found;
    if (found === 0) continue;
    await writeFile(file, content);
    await chmod(file, 0o755);
  }
  return changed;
}

function replaceAll(content: Buffer): number {
  let count = 0;
  for (let at = content.indexOf(ABSOLUTE); at >= 0; at = content.indexOf(ABSOLUTE, at + ABSOLUTE.length)) {
    RELATIVE.copy(content, at);
    count += 1;
  }
  return count;
}
