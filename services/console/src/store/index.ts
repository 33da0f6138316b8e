/**
 * What the console keeps: its own state in both modes, and in lite logs and spans. Owns files, threads and limits; knows
 * nothing of HTTP. Everything runs off the event loop: one thread writes, one answers queries, one keeps the state.
 */
import { lockFolder } from './sqlite/open-database.ts';
import { Thread } from './threads/calls.ts';
import type { IngestData, IngestEvent } from './threads/ingest-events.ts';
import type { IngestMethods } from './threads/ingest-thread.ts';
import type { QueryMethods } from './threads/query-thread.ts';
import type { StateData, StateMethods } from './threads/state-thread.ts';

export { recordOf } from './logs/record-row.ts';
export { matches } from './query/evaluate.ts';
export { parseQuery } from './query/parse.ts';
export type { Query } from './query/syntax-tree.ts';
export { fieldsOfStored } from './records/parse-line.ts';
export { MAX_TAG_VALUE } from './spans/marks.ts';
export { ThreadBusyError, ThreadError } from './threads/calls.ts';
export type { IngestEvent, IngestStats, TailedLine } from './threads/ingest-events.ts';

/** Long enough that a person who reads a page does not wait for the thread to start again. */
const QUERY_IDLE_MS = 60_000;

export type StateStore = Thread<StateMethods>;
export type QueryStore = Thread<QueryMethods>;
export type IngestStore = Thread<IngestMethods>;

/** Logs and spans; only in lite. */
export interface SignalStore {
  ingest: IngestStore;
  query: QueryStore;
  close(): Promise<void>;
}

/**
 * Opens the console's own state, and keeps other consoles away from the folder until `release`.
 * @throws Error beginning with "expected" when the folder cannot be written, or another console has it.
 */
export async function openState(
  data: StateData,
  onDeath: (error: Error) => void,
): Promise<{ state: StateStore; replaced: string | null; release: () => void }> {
  const lock = lockFolder(data.directory);
  const state: StateStore = new Thread({
    module: new URL('./threads/state-thread.ts', import.meta.url),
    name: 'console-state',
    data,
    maxWaiting: 1000,
    heap: { young: 8, old: 128 },
    onDeath,
  });
  return { state, replaced: await state.call('ready', undefined), release: () => lock.close() };
}

/** Opens the log and span store in the folder of an open state, and begins to follow the log files. */
export async function openSignals(
  data: IngestData,
  { onEvent, onDeath }: { onEvent: (event: IngestEvent) => void; onDeath: (error: Error) => void },
): Promise<SignalStore> {
  const ingest: IngestStore = new Thread({
    module: new URL('./threads/ingest-thread.ts', import.meta.url),
    name: 'console-ingest',
    data,
    heap: { young: 12, old: 256 },
    onEvent: (event) => onEvent(event as IngestEvent),
    onDeath,
  });
  await ingest.call('ready', undefined);
  const query: QueryStore = new Thread({
    module: new URL('./threads/query-thread.ts', import.meta.url),
    name: 'console-query',
    data: { directory: data.directory },
    maxWaiting: 100,
    idleMs: QUERY_IDLE_MS,
    heap: { young: 8, old: 256 },
    onDeath,
  });
  return {
    ingest,
    query,
    close: async () => {
      await query.close();
      await ingest.close();
    },
  };
}
