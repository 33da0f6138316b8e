/** How long the lab takes to repair itself after a kill -9 of one part. */
import type { Stack } from '../stack/stack.ts';
import { until } from '../wait.ts';

/** The watcher is repaired by the next command, not by itself. */
const NOT_PARTS = ['supervisor'];

/**
 * Kills every part in turn and waits until it serves again.
 * @returns seconds from the kill to ready, by part.
 */
export async function repairTimes(
  stack: Stack,
  progress: (line: string) => void,
): Promise<Record<string, number>> {
  const seconds: Record<string, number> = {};
  for (const part of stack.parts.filter((name) => !NOT_PARTS.includes(name))) {
    const before = await restartsOf(stack, part);
    const killed = performance.now();
    await stack.killPart(part);
    await until(
      `${part} to serve again`,
      async () => {
        const report = (await stack.status()).find(({ name }) => name === part);
        return report?.state === 'ready' && report.restarts > before;
      },
      { deadlineMs: 60_000, everyMs: 20 },
    );
    seconds[part] = (performance.now() - killed) / 1000;
    progress(`${part} served again after ${seconds[part].toFixed(2)} s`);
  }
  return seconds;
}

async function restartsOf(stack: Stack, part: string): Promise<number> {
  return (await stack.status()).find(({ name }) => name === part)?.restarts ?? 0;
}
