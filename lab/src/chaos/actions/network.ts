/** Trouble on the network between api and Postgres, by the proxy in between: Toxiproxy, or the lab's own with the same paths. */
import type { Stack } from '../../stack/stack.ts';
import type { Action } from '../experiment/actions.ts';

const PROXY_PART = 'toxiproxy';
const PROXY = 'postgres';
const NAME = 'lab-chaos';

/** Toxiproxy's own names: https://github.com/Shopify/toxiproxy#toxics */
export async function setToxic(stack: Stack, action: Extract<Action, { do: 'network' }>): Promise<void> {
  const { toxic, milliseconds = 0, kilobytesPerSecond = 1 } = action;
  const attributes = {
    latency: { latency: milliseconds, jitter: 0 },
    timeout: { timeout: milliseconds },
    reset_peer: { timeout: milliseconds },
    bandwidth: { rate: kilobytesPerSecond },
  }[toxic];
  const body = { name: NAME, type: toxic, stream: 'downstream', toxicity: 1, attributes };
  await ask(stack, `/proxies/${PROXY}/toxics`, [200], { method: 'POST', body: JSON.stringify(body) });
}

export async function clearToxics(stack: Stack): Promise<void> {
  await ask(stack, `/proxies/${PROXY}/toxics/${NAME}`, [204, 404], { method: 'DELETE' });
}

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
