/** Starts parts again that a stop took down which had begun before they were told to start (`Traits.lateStopMs`). */
import { setTimeout as pause } from 'node:timers/promises';
import type { PartName, Stack } from '../../stack/stack.ts';

const LOOK_MS = 500;

/**
 * Watches parts that were running when they were told to start, for as long as a stop that began before may take, and starts those
 * that went down. Parts of others are left alone.
 * @param options.forMs how long, milliseconds.
 * @returns the parts started again.
 */
export async function startBehindLateStops(
  stack: Pick<Stack, 'status' | 'act'>,
  parts: ReadonlySet<PartName>,
  { forMs, everyMs = LOOK_MS }: { forMs: number; everyMs?: number },
): Promise<PartName[]> {
  const watched = new Set(parts);
  const started: PartName[] = [];
  const end = performance.now() + forMs;
  while (watched.size > 0 && performance.now() < end) {
    for (const { name, state } of await stack.status({ memory: false })) {
      if (state !== 'stopped' || !watched.delete(name)) continue;
      await stack.act(name, 'start');
      started.push(name);
    }
    await pause(everyMs);
  }
  return started;
}

/** Of these parts, those that are not down. */
export async function stillUp(
  stack: Pick<Stack, 'status'>,
  parts: readonly PartName[],
): Promise<Set<PartName>> {
  const report = await stack.status({ memory: false });
  return new Set(
    report.filter(({ name, state }) => parts.includes(name) && state !== 'stopped').map(({ name }) => name),
  );
}
