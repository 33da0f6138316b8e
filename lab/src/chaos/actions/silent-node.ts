import { z } from 'zod';
import type { ObjectReference } from '../../stack/stack.ts';
import { EXPERIMENT_LABEL } from '../canary/canary.ts';
import { clusterOf } from '../canary/cluster-of.ts';
import { actionKind, rollbackKind } from '../experiment/kinds.ts';

const NODE: ObjectReference = { apiVersion: 'v1', kind: 'Node', metadata: { name: 'chaos-node' } };
/** Keeps pods away, those of DaemonSets too, unless they tolerate everything. */
const TAINT = { key: 'observability-lab/experiment', value: 'true', effect: 'NoExecute' };

const removeNode = rollbackKind({
  schema: z.strictObject({ undo: z.literal('remove-node') }),
  perform: (_, { stack }) => clusterOf(stack).remove(NODE),
});

export const silentNode = actionKind({
  schema: z.strictObject({ do: z.literal('silent-node') }),
  description: 'Registers a node of whose kubelet nothing is ever heard.',
  perform: (_, { stack }) =>
    clusterOf(stack).apply({
      ...NODE,
      metadata: { ...NODE.metadata, labels: EXPERIMENT_LABEL },
      spec: { unschedulable: true, taints: [TAINT] },
    }),
  touches: () => ['chaos-node'],
  undoneBy: [removeNode],
});
