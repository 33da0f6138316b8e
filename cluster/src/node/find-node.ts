/** Finds the node's first process by its command line: a state folder that is lost, or a note that lies, hides nothing. */
import { readFileSync } from 'node:fs';
import { type ProcessIdentity, processTable } from '@lab/cli/program';

/** The last word of the first process' command line. */
export function markOf(name: string): string {
  return `observability-lab-cluster=${name}`;
}

/** The node that runs under this name, if any. */
export function findNode(name: string): ProcessIdentity | undefined {
  for (const { pid, startedAt, zombie } of processTable().values())
    if (!zombie && isFirstProcess(read(pid, 'cmdline'), read(pid, 'status'), markOf(name)))
      return { pid, startedAt };
  return undefined;
}

/**
 * Whether a process is number 1 of a process namespace below this one, and bears the mark. The program that made the namespaces has
 * the same words in its command line.
 * @param commandLine words separated by NUL, as in /proc/PID/cmdline.
 * @param status of /proc/PID/status; its NSpid has one number for each namespace, the innermost last.
 */
export function isFirstProcess(commandLine: string, status: string, mark: string): boolean {
  if (!commandLine.split('\0').includes(mark)) return false;
  const [, numbers = ''] = /^NSpid:\s+(.+)$/m.exec(status) ?? [];
  return numbers.split(/\s+/).length > 1 && numbers.split(/\s+/).at(-1) === '1';
}

function read(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    // It ended between two looks: it is no node.
    return '';
  }
}
