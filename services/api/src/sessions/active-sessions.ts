/** Counts unexpired sessions in the background, so that a scrape never waits for the database. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Queryable } from '../database/database.ts';

export interface ActiveSessionsOptions {
  database: Queryable;
  /** Told the count; undefined while it cannot be known. */
  publish: (count: number | undefined) => void;
  /** Time between two counts, ms: the interval of scrapes. */
  everyMs?: number;
  onError: (error: unknown) => void;
}

const COUNT = {
  name: 'active-sessions',
  text: 'SELECT count(*)::integer AS count FROM session WHERE expire > now()',
};

/** @returns what ends the counting. */
export function countActiveSessions(options: ActiveSessionsOptions): { stop(): Promise<void> } {
  const { database, publish, everyMs = 5_000, onError } = options;
  const stopped = new AbortController();

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      try {
        const [row] = await database.query<{ count: number }>(COUNT);
        publish(row?.count);
      } catch (error) {
        // An outage is known and shown elsewhere; an old number would pass for a new one.
        publish(undefined);
        onError(error);
      }
      await pause(everyMs, undefined, { signal: stopped.signal }).catch(() => {
        // Stopped: the loop ends.
      });
    }
  }
  const running = run();
  return {
    stop: () => {
      stopped.abort();
      return running;
    },
  };
}
