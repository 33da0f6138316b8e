import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { endTraffic } from '../rollbacks/end-traffic.ts';
import { perSecond, sendEach } from '../target/extra-traffic.ts';

export const refusedRequests = actionKind({
  schema: z.strictObject({
    do: z.literal('refused-requests'),
    perSecond,
    nameLength: z.int().min(1).max(6000).default(36),
  }),
  description: 'Asks the API for tasks that do not exist, under names of so many characters.',
  perform(action, { stack, background, extraTraffic: { signal } }) {
    const cookie = background?.load.accounts[0]?.cookie ?? '';
    sendEach(action.perSecond, signal, async (request) => {
      const name = randomUUID()
        .repeat(Math.ceil(action.nameLength / 36))
        .slice(0, action.nameLength);
      await request(`${stack.addresses.web}/api/v1/tasks/${name}`, { headers: { cookie } });
    });
  },
  touches: () => ['web', 'api'],
  undoneBy: [endTraffic],
});
