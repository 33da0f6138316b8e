/** Trouble on the network between api and Postgres, by the proxy in between: Toxiproxy, or the lab's own with the same paths. */
import { z } from 'zod';
import type { Stack } from '../../stack/stack.ts';
import { actionKind, rollbackKind } from '../experiment/kinds.ts';

const PROXY_PART = 'toxiproxy';
const PROXY = 'postgres';
const NAME = 'lab-chaos';

const clearNetwork = rollbackKind({
  schema: z.strictObject({ undo: z.literal('clear-network') }),
  perform: (_, { stack }) => ask(stack, `/proxies/${PROXY}/toxics/${NAME}`, [204, 404], { method: 'DELETE' }),
});

export const network = actionKind({
  schema: z.strictObject({
    do: z.literal('network'),
    /** Toxiproxy's own names: https://github.com/Shopify/toxiproxy#toxics */
    toxic: z.enum(['latency', 'bandwidth', 'timeout', 'reset_peer']),
    /** latency: added to each answer; timeout: after which the connection is closed, 0 never. */
    milliseconds: z.number().min(0).max(60_000).optional(),
    kilobytesPerSecond: z.number().positive().optional(),
  }),
  description: 'Holds back or cuts what the database answers to the API.',
  async perform({ toxic, milliseconds = 0, kilobytesPerSecond = 1 }, { stack }) {
    const attributes = {
      latency: { latency: milliseconds, jitter: 0 },
      timeout: { timeout: milliseconds },
      reset_peer: { timeout: milliseconds },
      bandwidth: { rate: kilobytesPerSecond },
    }[toxic];
    const body = { name: NAME, type: toxic, stream: 'downstream', toxicity: 1, attributes };
    await ask(stack, `/proxies/${PROXY}/toxics`, [200], { method: 'POST', body: JSON.stringify(body) });
  },
  touches: () => [PROXY_PART, 'api', 'postgres'],
  undoneBy: [clearNetwork],
});

async function ask(
  stack: Stack,
  path: string,
  expected: readonly number[],
  init: { method: string; body?: string },
): Promise<void> {
  const { status, body } = await stack.management(PROXY_PART, path, init);
  if (!expected.includes(status))
    throw new Error(
      `the database proxy answered ${init.method} ${path} with ${status}: ${body.slice(0, 200)}`,
    );
}
