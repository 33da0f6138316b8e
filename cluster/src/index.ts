/**
 * A small real Kubernetes cluster on this machine: made by `make cluster`, taken away by `make cluster-down`. Owns the node's programs,
 * its network, its images and its certificates. It knows nothing of the lab that runs in it. This is its public face.
 */
import { existsSync } from 'node:fs';
import { CannotRun, type LabPaths, labPaths } from '@lab/cli/program';
import { importFromDocker } from './images/import-images.ts';
import { layoutOf } from './layout.ts';
import { findNode } from './node/find-node.ts';

export { normalizeImage } from './images/names.ts';
export { CONTEXT as CLUSTER_CONTEXT } from './layout.ts';

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
  {
    progress,
    signal,
    paths = labPaths(),
  }: { progress: (line: string) => void; signal: AbortSignal; paths?: Paths },
): Promise<void> {
  const layout = layoutOf(paths);
  const node = findNode(layout.name);
  if (!node) throw new CannotRun('the cluster of this lab does not run: `make cluster` starts it');
  const { imported, missing } = await importFromDocker(node, names, layout.imported, signal);
  if (imported.length > 0) progress(`brought into the cluster: ${imported.join(', ')}`);
  if (missing.length > 0)
    throw new CannotRun(
      `Docker does not have ${missing.join(', ')}: \`docker pull\` brings them, \`make images\` builds stand-ins`,
    );
}

function whereMade(paths: Paths, file: 'kubeconfig' | 'kubectl'): string | undefined {
  const layout = layoutOf(paths);
  return existsSync(layout.record) && existsSync(layout[file]) ? layout[file] : undefined;
}
