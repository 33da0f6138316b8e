/**
 * Knows at every moment whether the database answers, from a connection of its own: a request never has to wait
 * out a dead database, and a slow statement is not mistaken for one.
 */
import { setImmediate as nextTurn, setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { DatabaseUnavailableError } from './unavailable.ts';

export interface MonitorOptions {
  connectionString: string;
  /** Time between two looks, ms. */
  everyMs?: number;
  /** Longest time a look may take, ms. With `everyMs` it bounds what a request waits for a database that hangs. */
  timeoutMs?: number;
  /** Told each change, the first state included; with the reason when it became unavailable. */
  onChange: (unavailable: Error | undefined) => void;
}

export interface Monitor {
  readonly available: boolean;
  stop(): Promise<void>;
}

/** Starts looking at once; until the first answer the database counts as unavailable. */
export function monitorDatabase(options: MonitorOptions): Monitor {
  const { connectionString, everyMs = 250, timeoutMs = 1_400, onChange } = options;
  const stopped = new AbortController();
  let available: boolean | undefined;
  let client: pg.Client | undefined;
  /** Ends the pause before the next look: a lost connection is news. */
  let wake = new AbortController();

  async function connect(): Promise<pg.Client> {
    const fresh = new pg.Client({
      connectionString,
      connectionTimeoutMillis: timeoutMs,
      application_name: 'taskmanager-api monitor',
      keepAlive: true,
    });
    fresh.on('error', () => {
      // Why the connection was lost says the attempt to replace it, which follows at once.
      if (client === fresh) client = undefined;
      wake.abort();
    });
    await fresh.connect();
    return fresh;
  }

  async function look(): Promise<void> {
    client ??= await connect();
    await client.query('SELECT 1');
  }

  async function lookInTime(): Promise<void> {
    const ended = new AbortController();
    const looking = look();
    try {
      await Promise.race([looking, timeout(timeoutMs, ended.signal)]);
    } catch (error) {
      // Its answer no longer matters, nor does how closing it goes.
      looking.catch(() => {});
      client?.end().catch(() => {});
      client = undefined;
      throw error;
    } finally {
      ended.abort();
    }
  }

  function note(unavailable: Error | undefined): void {
    const next = unavailable === undefined;
    if (available === next) return;
    available = next;
    onChange(unavailable);
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      wake = new AbortController();
      try {
        await lookInTime();
        note(undefined);
      } catch (error) {
        wake = new AbortController();
        note(error instanceof Error ? error : new Error(String(error)));
      }
      // Woken early by a lost connection, or stopped: both end the pause by rejecting it.
      await pause(everyMs, undefined, { signal: AbortSignal.any([wake.signal, stopped.signal]) }).catch(
        () => {},
      );
    }
    await client?.end().catch(() => {
      // Closing a connection that is already lost.
    });
  }
  const running = run();

  return {
    get available() {
      return available === true;
    },
    stop: () => {
      stopped.abort();
      return running;
    },
  };
}

/** Rejects after `ms`, but first lets an answer be read that came while this process itself was busy. */
async function timeout(ms: number, signal: AbortSignal): Promise<never> {
  await pause(ms, undefined, { signal });
  await nextTurn();
  await nextTurn();
  throw new DatabaseUnavailableError(`the database did not answer within ${ms} ms`);
}
