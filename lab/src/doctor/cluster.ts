/** What `make cluster` would run on. */
import { clusterKubeconfig, clusterReadiness } from '@lab/cluster';
import type { LabPaths } from '../settings/paths.ts';
import { type Finding, good, note } from './check.ts';

export async function checkCluster(paths: LabPaths): Promise<Finding> {
  const made = clusterKubeconfig(paths);
  if (made !== undefined) return good('cluster', `there is one, ${made}`);
  const { how, lacking } = await clusterReadiness();
  if (lacking.length === 0) return good('cluster', `\`make cluster\` makes one ${how}`);
  return note(
    'cluster',
    `\`make cluster\` lacks ${lacking.join('; ')}`,
    'only MODE=kubernetes needs a cluster',
  );
}
