import { z } from 'zod';
import { CannotRun } from '../../cli/failure.ts';
import type { ObjectReference } from '../../stack/stack.ts';
import { EXPERIMENT_LABEL, podSpec } from '../canary/canary.ts';
import { clusterOf } from '../canary/cluster-of.ts';
import { actionKind, rollbackKind } from '../experiment/kinds.ts';

const name = 'chaos-claim';
const CLAIM: ObjectReference = { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name } };
const POD: ObjectReference = { apiVersion: 'v1', kind: 'Pod', metadata: { name } };
const MOUNT_PATH = '/volume';
const SIZE = '32Mi';
/** A volume of many times that size is somebody's disk: the pod writes nothing there. */
const MOST_BYTES = 256 * 2 ** 20;

/** Leaves a twentieth: full enough to be told, and not so full that a write fails. */
const FILL = `
const { statfsSync, writeFileSync } = require('node:fs');
const { bsize, blocks, bavail } = statfsSync('${MOUNT_PATH}');
if (bsize * blocks > ${MOST_BYTES}) throw new Error('this volume is no smaller than its disk');
writeFileSync('${MOUNT_PATH}/fill', Buffer.alloc(Math.floor(bsize * (bavail - blocks / 20))));
setInterval(() => {}, 60_000);
`;

const removeClaim = rollbackKind({
  schema: z.strictObject({ undo: z.literal('remove-claim') }),
  async perform(_, { stack }) {
    // A claim that a pod uses is only marked as to be deleted.
    await clusterOf(stack).remove(POD);
    await clusterOf(stack).remove(CLAIM);
  },
});

export const fillClaim = actionKind({
  schema: z.strictObject({ do: z.literal('fill-claim'), storageClass: z.string().min(1) }),
  description:
    'Fills a claim of its own, of a storage class whose volumes are no larger than they were asked to be.',
  async perform({ storageClass }, { stack, ttlSeconds }) {
    const cluster = clusterOf(stack);
    const found = await cluster.read({
      apiVersion: 'storage.k8s.io/v1',
      kind: 'StorageClass',
      metadata: { name: storageClass },
    });
    if (!found)
      throw new CannotRun(
        `the cluster has no storage class ${storageClass}: name one whose volumes have a size of their own in loadtests/chaos`,
      );
    const labels = EXPERIMENT_LABEL;
    await cluster.apply({
      ...CLAIM,
      metadata: { name, labels },
      spec: {
        storageClassName: storageClass,
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: SIZE } },
      },
    });
    const spec = podSpec(cluster.image('api'), { program: FILL }, { claim: name, mountPath: MOUNT_PATH });
    await cluster.apply({
      ...POD,
      metadata: { name, labels },
      spec: { ...spec, activeDeadlineSeconds: ttlSeconds },
    });
  },
  touches: () => ['chaos-claim'],
  undoneBy: [removeClaim],
});
