/** Memory of the node's own programs: what the cluster costs before anything runs in it. */
import { readFileSync } from 'node:fs';
import { type ProcessIdentity, processTable, proportionalMemory, withDescendants } from '@lab/cli/program';

/** The process that containerd puts above the processes of each pod; the kernel shows 15 characters of a name. */
const ABOVE_PODS = 'containerd-shim';

/** Bytes of control plane, etcd, kubelet and the other parts, without the pods; undefined where the kernel does not show them. */
export function nodeMemory({ pid }: Pick<ProcessIdentity, 'pid'>): number | undefined {
  const all = proportionalMemory(pid);
  if (all === undefined) return undefined;
  const table = processTable();
  const above = new Set(
    withDescendants(pid, table)
      .map((each) => each.pid)
      .filter((each) => nameOf(each) === ABOVE_PODS),
  );
  const pods = [...table.values()].filter(({ parent }) => above.has(parent));
  return pods.reduce((rest, pod) => rest - (proportionalMemory(pod.pid) ?? 0), all);
}

function nameOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/comm`, 'utf8').trim();
  } catch {
    // It ended between two looks.
    return '';
  }
}
