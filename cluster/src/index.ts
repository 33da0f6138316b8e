/**
 * A small real Kubernetes cluster on this machine: made by `make cluster`, taken away by `make cluster-down`. Owns the node's programs,
 * its network, its images and its certificates. It knows nothing of the lab that runs in it. This is its public face.
 */
import { existsSync } from 'node:fs';
import { type LabPaths, labPaths } from '@lab/cli/program';
import { bringImages } from './cluster.ts';
import { layoutOf } from './layout.ts';
import { findNode } from './node/find-node.ts';
import { nodeMemory } from './node/memory.ts';
import { ensureProgram } from './programs/build.ts';
import { HYPERKUBE } from './programs/catalogue.ts';
import type { StartOptions } from './start-options.ts';

export { normalizeImage } from './images/names.ts';
export { CONTEXT as CLUSTER_CONTEXT } from './layout.ts';
export { clusterReadiness, type Readiness } from './machine/needs.ts';

type Paths = Pick<LabPaths, 'lab' | 'id'>;

/** The file with the administrator's access to this lab's cluster; undefined where there is no cluster of ours. */
export function clusterKubeconfig(paths: Paths = labPaths()): string | undefined {
  return whereMade(paths, 'kubeconfig');
}

/** A kubectl of the cluster's version; undefined where there is no cluster of ours. */
export function clusterKubectl(paths: Paths = labPaths()): string | undefined {
  return whereMade(paths, 'kubectl');
}

/**
 * Brings images from this machine's Docker into this lab's cluster: those that it lacks, or that have changed since.
 * @throws CannotRun where the cluster does not run, or where Docker does not have an image.
 */
export async function importImages(
  names: readonly string[],
  { paths = labPaths(), ...options }: StartOptions & { paths?: Paths },
): Promise<void> {
  await bringImages(layoutOf(paths), names, options);
}

/**
 * The one binary of Kubernetes' programs, etcd and kubectl; built where it is not cached.
 * @throws CannotRun where it cannot be built.
 */
export function kubernetesProgram(progress: (line: string) => void, signal: AbortSignal): Promise<string> {
  return ensureProgram(HYPERKUBE, progress, signal);
}

/**
 * Bytes that the programs of this lab's cluster take, without its pods; undefined where no cluster from packages runs, or where the
 * kernel does not show them.
 */
export function clusterMemory(paths: Paths = labPaths()): number | undefined {
  const node = findNode(layoutOf(paths).name);
  return node && nodeMemory(node);
}

function whereMade(paths: Paths, file: 'kubeconfig' | 'kubectl'): string | undefined {
  const layout = layoutOf(paths);
  return existsSync(layout.record) && existsSync(layout[file]) ? layout[file] : undefined;
}
