/** Takes the node away, however much of it there is. */
import { signalProcess, until } from '@lab/cli/program';
import { cgroupsOf, removeCgroups } from './cgroups.ts';
import { findNode } from './find-node.ts';
import { hasLink, removeLink } from './link.ts';

const END_MS = 30_000;

/** Whether there is a node, or something that one left behind. */
export function hasNode(name: string): boolean {
  return findNode(name) !== undefined || hasLink(name) || cgroupsOf(name).length > 0;
}

/** Ends every process of the node: the kernel does so once the first one is gone, and gives back mounts and network. */
export async function endNode(name: string): Promise<boolean> {
  const node = findNode(name);
  if (!node) return false;
  signalProcess(node, 'SIGKILL');
  await until('every process of the node to end', () => findNode(name) === undefined, { deadlineMs: END_MS });
  return true;
}

/** Also what a node that ended by itself left behind. */
export async function removeNode(name: string): Promise<boolean> {
  const ended = await endNode(name);
  await removeLink(name);
  await until('every cgroup of the node to be empty', async () => (await removeCgroups(name)).length === 0, {
    deadlineMs: END_MS,
  });
  return ended;
}
