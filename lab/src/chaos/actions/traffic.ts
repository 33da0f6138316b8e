import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { endTraffic } from '../rollbacks/end-traffic.ts';
import { setTraffic } from '../target/extra-traffic.ts';

export const traffic = actionKind({
  schema: z.strictObject({ do: z.literal('traffic'), factor: z.number().min(0).max(20) }),
  description: 'Multiplies the rate of the background load.',
  perform: ({ factor }, target) => setTraffic(target, factor),
  touches: () => ['web', 'api'],
  undoneBy: [endTraffic],
});
