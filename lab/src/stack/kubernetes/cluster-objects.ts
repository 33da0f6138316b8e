/** Objects that experiments put into the cluster and take out again. */
import { z } from 'zod';
import { CannotRun } from '../../cli/failure.ts';
import type { Cluster, ClusterObject, ObjectReference } from '../stack.ts';
import type { Kubectl } from './kubectl.ts';
import type { Workload } from './rendered.ts';

/** Where experiments put what has no namespace of its own. */
const NAMESPACE = 'taskmanager';
/** Those kinds belong to no namespace. */
const OF_CLUSTER = ['Node', 'StorageClass', 'PersistentVolume', 'Namespace', 'PriorityClass'];
const REMOVE_TIMEOUT_MS = 2 * 60_000;

const objectSchema = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({
    name: z.string(),
    namespace: z.string().optional(),
    labels: z.record(z.string(), z.string()).optional(),
  }),
});

/** @param workloads of the lab, for the images of its parts. */
export function clusterOf(kubectl: Kubectl, workloads: readonly Workload[]): Cluster {
  return {
    async apply(object) {
      const command = [
        'apply',
        '--server-side',
        '--force-conflicts',
        '--field-manager=observability-lab-chaos',
      ];
      await kubectl.run([...command, ...placeOf(object), '--filename', '-'], {
        input: JSON.stringify(object),
      });
    },
    async read(object) {
      const { stdout } = await kubectl.run([
        'get',
        ...named(object),
        '--ignore-not-found',
        '--output',
        'json',
      ]);
      return stdout.trim() === '' ? undefined : toClusterObject(objectSchema.parse(JSON.parse(stdout)));
    },
    async remove(object) {
      await kubectl.run(['delete', ...named(object), '--ignore-not-found', '--wait=true'], {
        timeoutMs: REMOVE_TIMEOUT_MS,
      });
    },
    image(part) {
      const found = workloads.find((each) => each.part === part)?.image;
      if (found !== undefined) return found;
      throw new CannotRun(
        `${part} is no part of the lab: expected one of ${workloads.map((each) => each.part).join(', ')}`,
      );
    },
  };
}

/** `zod` gives what is absent as undefined, which an object without the field is not. */
function toClusterObject({ metadata, ...rest }: z.infer<typeof objectSchema>): ClusterObject {
  const { namespace, labels, ...others } = metadata;
  return {
    ...rest,
    metadata: {
      ...others,
      ...(namespace === undefined ? {} : { namespace }),
      ...(labels === undefined ? {} : { labels }),
    },
  };
}

function placeOf({ kind, metadata: { namespace = NAMESPACE } }: ObjectReference): string[] {
  return OF_CLUSTER.includes(kind) ? [] : ['--namespace', namespace];
}

/** Returns kind, version and group as kubectl takes them (`Deployment.v1.apps`; `Pod.v1.`, whose group has no name), and the name. */
function named(object: ObjectReference): string[] {
  const { apiVersion, kind, metadata } = object;
  const [group, version] = apiVersion.includes('/') ? apiVersion.split('/') : ['', apiVersion];
  return [`${kind}.${version}.${group}`, metadata.name, ...placeOf(object)];
}
