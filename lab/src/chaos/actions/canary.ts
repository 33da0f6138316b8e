import { z } from 'zod';
import { canary as canaryObject, canaryReference, TROUBLES } from '../canary/canary.ts';
import { clusterOf } from '../canary/cluster-of.ts';
import { actionKind, rollbackKind } from '../experiment/kinds.ts';

const trouble = z.enum(TROUBLES);
/** Its image is there already, and has Node.js. */
const IMAGE_OF = 'api';

const removeCanary = rollbackKind({
  schema: z.strictObject({ undo: z.literal('remove-canary'), trouble }),
  perform: ({ trouble }, { stack }) => clusterOf(stack).remove(canaryReference(trouble)),
});

export const canary = actionKind({
  schema: z.strictObject({ do: z.literal('canary'), trouble }),
  description:
    'Runs a pod in the cluster that crashes, uses up its memory or processor, gets no image, finds no node, or never becomes ready.',
  async perform({ trouble }, { stack, ttlSeconds }) {
    const cluster = clusterOf(stack);
    await cluster.apply(canaryObject(trouble, cluster.image(IMAGE_OF), ttlSeconds));
  },
  touches: ({ trouble }) => [`canary-${trouble}`],
  undoneBy: [removeCanary],
});
