import type { Logger } from '@lab/telemetry';
import { QUEUE_SCHEMA, QUEUES } from 'taskmanager-api/contract/jobs';
import type { Queryable } from '../delivery/notification-store.ts';
import type { JobInstruments } from './job-instruments.ts';
import { quietly } from './quietly.ts';

/** Seconds between two samples: at least two a scrape. */
const SAMPLE_SECONDS = 2;

/**
 * Jobs that could be worked on now. A reminder for next week is no backlog, nor is a failed job before its retry.
 * pg-boss's own figures serve less well: they lag behind by a monitor pass and lack the age.
 */
const SAMPLE = `
SELECT name, count(*)::integer AS depth, extract(epoch FROM now() - min(greatest(created_on, start_after)))::float8 AS oldest
FROM ${QUEUE_SCHEMA}.job
WHERE name = ANY($1) AND state < 'active' AND NOT blocked AND start_after <= now()
GROUP BY name`;

/**
 * Samples depth and age of every queue in the background, so that a scrape never waits for the database. While it
 * is away the last sample stands; readiness tells that it is away.
 */
export function createDepthSampler(options: {
  database: Queryable;
  instruments: JobInstruments;
  logger: Logger;
}): { start(): void; stop(): Promise<void> } {
  const { database, instruments, logger } = options;
  const names = QUEUES.map((queue) => queue.name);
  const complain = quietly((suppressed, error: unknown) =>
    logger.warn('the depth of the queues is not known now', { error, 'labels.suppressed': suppressed }),
  );
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  let sampling: Promise<void> = Promise.resolve();

  async function sample(): Promise<void> {
    try {
      const { rows } = await database.query(SAMPLE, [names]);
      const found = new Map(
        (rows as { name: string; depth: number; oldest: number }[]).map((row) => [row.name, row]),
      );
      for (const name of names) {
        const { depth = 0, oldest = 0 } = found.get(name) ?? {};
        instruments.setQueue(name, { depth, oldestSeconds: Math.max(0, oldest) });
      }
    } catch (error) {
      complain(error);
    }
    if (!stopped) timer = setTimeout(next, SAMPLE_SECONDS * 1000);
  }
  function next(): void {
    sampling = sample();
  }
  return {
    start: next,
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await sampling;
    },
  };
}
