/** Names the files and folders of one lab's cluster, and the names by which this machine knows it. */
import { join } from 'node:path';
import type { LabPaths } from '@lab/cli/program';

export interface Layout {
  /** Everything of the cluster: below the lab's state, so that two checkouts have clusters of their own. */
  folder: string;
  /** Lock of the commands that change the cluster. */
  run: string;
  /** For a person and for the lab's driver: administrator's access from this machine. */
  kubeconfig: string;
  kubectl: string;
  /** Says how the cluster was made; there only while there is one. */
  record: string;
  /** Which images were imported, and in what state of theirs. */
  imported: string;
  /** The node's own folder, which the node sees as NODE_FOLDER. */
  node: string;
  /** Name of the cluster, of the host's end of its network link, and of its cgroup. */
  name: string;
}

/** Inside the node: short, because a socket's path may have only 108 characters, wherever the checkout lies. */
export const NODE_FOLDER = '/run/node';

/** Inside the node: the cache folder with the programs that were built. */
export const PROGRAM_FOLDER = '/run/programs';

/** Name of the context in the kubeconfig. */
export const CONTEXT = 'observability-lab';

/** Characters of the lab's id in the names: a network interface may have 15 characters. */
const ID_CHARACTERS = 8;

export function layoutOf({ lab, id }: Pick<LabPaths, 'lab' | 'id'>): Layout {
  const folder = join(lab, 'cluster');
  return {
    folder,
    run: join(folder, 'run'),
    kubeconfig: join(folder, 'kubeconfig'),
    kubectl: join(folder, 'bin', 'kubectl'),
    record: join(folder, 'cluster.json'),
    imported: join(folder, 'imported.json'),
    node: join(folder, 'node'),
    name: `lab-${id.slice(0, ID_CHARACTERS)}`,
  };
}
