/** For Docker a container that is just being stopped runs, and to start it does nothing: it then goes down after all. */
import { setTimeout as pause } from 'node:timers/promises';
import type { PartName, Stack } from '../../stack/stack.ts';

/** The longest stop_grace_period in compose.yaml, and what the engine needs on top. */
const STOP_TAKES_MS = 35_000;
const LOOK_MS = 500;

/**
 * Watches parts that were running when they were told to start, for as long as a stop that began before may take, and starts those
 * that went down. Parts of others are left alone.
 * @param options.forMs how long, milliseconds; default: the longest stop.
 * @returns the parts started again.
 */
export async function startBehindLateStops(
  stack: Pick<Stack, 'status' | 'startPart'>,
  parts: ReadonlySet<PartName>,
  { forMs = STOP_TAKES_MS, everyMs = LOOK_MS }: { forMs?: number; everyMs?: number } = {},
): Promise<PartName[]> {
  const watched = new Set(parts);
  const started: PartName[] = [];
  const end = performance.now() + forMs;
  while (watched.size > 0 && performance.now() < end) {
    for (const { name, state } of await stack.status({ memory: false })) {
      if (state !== 'stopped' || !watched.delete(name)) continue;
      await stack.startPart(name);
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
