import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import { CannotRun } from '../../cli/failure.ts';
import type { PartReport, Stack } from '../../stack/stack.ts';
import { until } from '../../wait.ts';
import { actionKind } from '../experiment/kinds.ts';
import { partName } from '../experiment/names.ts';
import { start } from '../rollbacks/start.ts';

/** Two scrapes of time scale 10, and some. */
const SEEN_BY_SCRAPE_MS = 2_500;
const READY_DEADLINE_MS = 60_000;

export const kill = actionKind({
  schema: z.strictObject({
    do: z.literal('kill'),
    part: partName,
    times: z.int().min(1).max(10).default(1),
  }),
  description: 'Kills a part (kill -9) as often as said, each time as soon as it serves again.',
  async perform({ part, times }, { stack }) {
    for (let time = 1; time <= times; time += 1) {
      const before = await reportOf(part, stack);
      await stack.act(part, 'kill');
      if (time === times) return;
      await until(
        `${part} to serve again after a kill`,
        async () => {
          const now = await reportOf(part, stack);
          return now.state === 'ready' && now.since !== before.since;
        },
        { deadlineMs: READY_DEADLINE_MS },
      );
      // Each start has to be seen by a scrape, or it is not counted as one.
      await pause(SEEN_BY_SCRAPE_MS);
    }
  },
  touches: ({ part }) => [part],
  undoneBy: [start],
});

async function reportOf(part: string, stack: Stack): Promise<PartReport> {
  const found = (await stack.status({ memory: false })).find(({ name }) => name === part);
  if (!found) throw new CannotRun(`${part} is no part of this lab`);
  return found;
}
