/** Memory as the kernel shares it out: pages used by several processes count in parts, so that sums are true. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { withDescendants } from './process-table.ts';

/**
 * Proportional set size of a process and everything below it, in bytes; undefined where the kernel does not show
 * it to the caller. Where there is no /proc the resident set size stands in, which counts shared pages fully.
 */
export function proportionalMemory(pid: number): number | undefined {
  const sizes = withDescendants(pid).map((entry) => ownMemory(entry.pid));
  if (sizes.length === 0 || sizes.every((size) => size === undefined)) return undefined;
  return sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
}

function ownMemory(pid: number): number | undefined {
  try {
    if (process.platform !== 'linux')
      return Number(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' })) * 1024;
    const kibibytes = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1];
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024;
  } catch {
    // Ended meanwhile, or another user's: not known.
    return undefined;
  }
}
