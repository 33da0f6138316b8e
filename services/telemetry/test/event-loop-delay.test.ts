import { setTimeout as pause } from 'node:timers/promises';
import { Registry } from 'prom-client';
import { afterEach, expect, test } from 'vitest';
import { EventLoopDelay } from '../src/metrics/event-loop-delay.ts';

const BLOCKED_MS = 80;
const registry = new Registry();
const delay = new EventLoopDelay(registry);
afterEach(() => delay.stop());

async function worst(): Promise<number> {
  const text = await registry.getSingleMetricAsString('nodejs_eventloop_lag_max_seconds');
  return Number(/^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(text)?.[1]);
}

test('a blocked event loop is seen by the second reader as by the first', async () => {
  for (const end = performance.now() + BLOCKED_MS; performance.now() < end; );
  // The monitor's own timer has to come to its turn.
  await pause(50);
  const [first, second] = [await worst(), await worst()];
  expect(first).toBeGreaterThanOrEqual(0.9 * (BLOCKED_MS / 1000));
  expect(second).toBeGreaterThanOrEqual(first);
});
