import { CannotRun } from '../../cli/failure.ts';
import type { Cluster, Stack } from '../../stack/stack.ts';

/** Returns the cluster that the lab runs in. @throws CannotRun where it runs in none. */
export function clusterOf({ cluster, traits }: Stack): Cluster {
  if (!cluster)
    throw new CannotRun(
      `only a lab in a cluster can be broken this way; this one runs in ${traits.mode} mode`,
    );
  return cluster;
}
