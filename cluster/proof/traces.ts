/** Lists everything that a cluster can leave behind on a machine, so that two moments can be compared. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '@lab/cli/program';
import { hierarchies } from '../src/node/cgroups.ts';

/** Each kind of trace, with those that there are. */
export type Traces = Readonly<Record<string, readonly unknown[]>>;

/** Folders that a node writes to where it is not kept in folders of its own. */
const FOLDERS = ['/run', '/var/lib', '/var/log', '/etc'];

export async function readTraces(): Promise<Traces> {
  const lines = async (program: string, ...args: string[]) =>
    (await runCommand(program, args)).stdout.split('\n');
  const links = await lines('ip', '-oneline', 'link', 'show');
  return {
    mounts: readFileSync('/proc/self/mounts', 'utf8').split('\n'),
    links: links.map((line) => line.split(':')[1]?.trim() ?? ''),
    routes: await lines('ip', '-4', 'route', 'show', 'table', 'all'),
    rules: (await lines('iptables-save')).filter((line) => line.startsWith('-A')),
    cgroups: hierarchies().flatMap(list),
    files: FOLDERS.flatMap(list),
  };
}

/** Returns what is there now and was not before; it leaves out kinds without anything new. */
export function added(before: Traces, after: Traces): Traces {
  const kinds = Object.entries(after).map(([kind, now]) => {
    const known = new Set(before[kind]);
    return [kind, now.filter((each) => !known.has(each))] as const;
  });
  return Object.fromEntries(kinds.filter(([, fresh]) => fresh.length > 0));
}

function list(folder: string): string[] {
  return readdirSync(folder).map((name) => join(folder, name));
}
