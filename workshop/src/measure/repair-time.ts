/** Measures how long the lab takes to repair itself after a kill -9 of one part. */
import { type Stack, until } from '@lab/cli';

export interface Repair {
  part: string;
  /** The moment at which the kill was asked for, Unix time in milliseconds. */
  killedAt: number;
  /** The moment at which the kill was confirmed. */
  endedAt: number;
  /** The time from the kill to ready. */
  seconds: number;
}

/** Kills every part in turn and waits until it serves again. */
export async function repairEach(stack: Stack, progress: (line: string) => void): Promise<Repair[]> {
  const repairs: Repair[] = [];
  for (const part of stack.parts) {
    const before = await restartsOf(stack, part);
    const killedAt = Date.now();
    const killed = performance.now();
    await stack.act(part, 'kill');
    const endedAt = Date.now();
    await until(
      `${part} to serve again`,
      async () => {
        const report = (await stack.status({ memory: false })).find(({ name }) => name === part);
        return report?.state === 'ready' && report.restarts > before;
      },
      { deadlineMs: 60_000, everyMs: 50 },
    );
    const seconds = (performance.now() - killed) / 1000;
    repairs.push({ part, killedAt, endedAt, seconds });
    progress(`${part} served again after ${seconds.toFixed(2)} s`);
  }
  return repairs;
}

async function restartsOf(stack: Stack, part: string): Promise<number> {
  return (await stack.status({ memory: false })).find(({ name }) => name === part)?.restarts ?? 0;
}
