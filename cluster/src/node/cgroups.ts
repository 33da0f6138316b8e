/** The cgroup below which the node's pods run, in each hierarchy that this machine has. */
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

const ROOT = '/sys/fs/cgroup';
const CONTROLLERS = 'cgroup.controllers';
/** What the kubelet limits pods by. */
const NEEDED = ['cpu', 'cpuset', 'hugetlb', 'io', 'memory', 'pids'];

/** @returns folders of the hierarchies: one with the second version of cgroups, one for each controller with the first, none without cgroups. */
export function hierarchies(root = ROOT): string[] {
  if (!existsSync(root)) return [];
  if (existsSync(join(root, CONTROLLERS))) return [root];
  return readdirSync(root)
    .map((name) => join(root, name))
    .filter((folder) => existsSync(join(folder, 'cgroup.procs')));
}

/** The node's own in every hierarchy, those that are there. */
export function cgroupsOf(name: string, root = ROOT): string[] {
  return hierarchies(root)
    .map((hierarchy) => join(hierarchy, name))
    .filter(existsSync);
}

export async function makeCgroups(name: string, root = ROOT): Promise<void> {
  for (const hierarchy of hierarchies(root)) {
    const controllers = join(hierarchy, CONTROLLERS);
    // Version 2: a group's children have only the controllers that it hands on.
    const known = existsSync(controllers) ? (await readFile(controllers, 'utf8')).trim().split(' ') : [];
    for (const controller of NEEDED.filter((name) => known.includes(name)))
      await writeFile(join(hierarchy, 'cgroup.subtree_control'), `+${controller}`);
    await mkdir(join(hierarchy, name), { recursive: true });
    await inheritProcessors(hierarchy, name);
  }
}

/** Version 1: nothing can run in a new group of the controller cpuset before it says on which processors and memory. */
async function inheritProcessors(hierarchy: string, name: string): Promise<void> {
  for (const file of ['cpuset.cpus', 'cpuset.mems']) {
    const own = join(hierarchy, name, file);
    const above = join(hierarchy, file);
    if (!existsSync(own) || !existsSync(above)) continue;
    if ((await readFile(own, 'utf8')).trim() === '') await writeFile(own, await readFile(above, 'utf8'));
  }
}

/** @returns groups that are left because something still ends in them. */
export async function removeCgroups(name: string, root = ROOT): Promise<string[]> {
  const left: string[] = [];
  for (const folder of cgroupsOf(name, root)) left.push(...(await removeTree(folder)));
  return left;
}

/** Innermost first: the kernel removes a group only when nothing is below it. Its files go with it. */
async function removeTree(folder: string): Promise<string[]> {
  const left: string[] = [];
  for (const entry of await readdir(folder, { withFileTypes: true }))
    if (entry.isDirectory()) left.push(...(await removeTree(join(folder, entry.name))));
  try {
    await rmdir(folder);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EBUSY')) throw error;
    left.push(folder);
  }
  return left;
}
