/**
 * Which processes there are: their parents and when each started, so that a process is known by more than its
 * number, which the system gives to another program once it is free.
 */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** A process as it can be told from every other one before and after it. */
export interface ProcessIdentity {
  pid: number;
  /** When it started: clock ticks since this boot, with the boot's own id. */
  startedAt: string;
}

export interface ProcessEntry extends ProcessIdentity {
  parent: number;
  /** Ended, and waiting for its parent to take note: nothing runs any more. */
  zombie: boolean;
}

const hasProc = process.platform === 'linux';
const bootId = hasProc ? readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim().slice(0, 8) : '';

/** One process, or undefined where nothing runs under that number. */
export function lookUp(pid: number): ProcessEntry | undefined {
  if (!hasProc) return processTable().get(pid);
  try {
    return parseStat(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    // It ended between two looks, which is the answer.
    return undefined;
  }
}

/** Whether this very process still runs: same number, same start, not a zombie. */
export function isRunning({ pid, startedAt }: ProcessIdentity): boolean {
  const entry = lookUp(pid);
  return entry !== undefined && entry.startedAt === startedAt && !entry.zombie;
}

/** The caller's own identity. */
export function ownIdentity(): ProcessIdentity {
  return identityOf(process.pid);
}

/** Identity of a process that runs now. @throws Error where it has ended. */
export function identityOf(pid: number): ProcessIdentity {
  const entry = lookUp(pid);
  if (!entry) throw new Error(`expected process ${pid} to be running`);
  return { pid, startedAt: entry.startedAt };
}

/** Every process by its number. */
export function processTable(): Map<number, ProcessEntry> {
  const entries = hasProc
    ? readdirSync('/proc')
        .filter((name) => /^\d+$/.test(name))
        .map((name) => lookUp(Number(name)))
    : execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart='], { encoding: 'utf8' })
        .split('\n')
        .map(parsePs);
  return new Map(entries.filter((entry) => entry !== undefined).map((entry) => [entry.pid, entry]));
}

/** A process and everything below it, parents first. */
export function withDescendants(pid: number, table = processTable()): ProcessEntry[] {
  const children = Map.groupBy(table.values(), (entry) => entry.parent);
  const found: ProcessEntry[] = [];
  const queue = [table.get(pid)];
  for (let entry = queue.shift(); entry !== undefined || queue.length > 0; entry = queue.shift()) {
    if (!entry || found.includes(entry)) continue;
    found.push(entry);
    queue.push(...(children.get(entry.pid) ?? []));
  }
  return found;
}

/** proc(5): the name in parentheses may hold blanks and parentheses, so fields are counted from the last one. */
function parseStat(text: string): ProcessEntry {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  return {
    pid: Number.parseInt(text, 10),
    parent: Number(fields[1]),
    zombie: fields[0] === 'Z' || fields[0] === 'X',
    startedAt: `${bootId}-${fields[19]}`,
  };
}

function parsePs(line: string): ProcessEntry | undefined {
  const [, pid, parent, state, startedAt] = /^\s*(\d+)\s+(\d+)\s+(\S+)\s+(.+?)\s*$/.exec(line) ?? [];
  if (pid === undefined || state === undefined || startedAt === undefined) return undefined;
  return { pid: Number(pid), parent: Number(parent), zombie: state.startsWith('Z'), startedAt };
}
