/** Worker thread: messages, experiments and settings of the console. */
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import type { ExperimentEnd, ExperimentStart } from '../../contract/experiments.ts';
import type { InboxMessage } from '../../contract/inbox.ts';
import { openForWriting, watchingForDamage } from '../sqlite/open-database.ts';
import { textFrom } from '../sqlite/transaction.ts';
import { type ExperimentSearch, ExperimentTable } from '../state/experiment-table.ts';
import { type InboxLimits, type InboxSearch, InboxTable } from '../state/inbox-table.ts';
import { stateLayout } from '../state/schema.ts';
import { endThread, serve } from './calls.ts';

export interface StateData {
  directory: string;
  inboxLimits: InboxLimits;
}

const data = workerData as StateData;
const file = join(data.directory, 'state.db');
const { database, replaced } = openForWriting(file, stateLayout, { cacheKiB: 4000 });
const { inbox, experiments } = watchingForDamage(
  file,
  () => undefined,
  () => ({ inbox: new InboxTable(database, data.inboxLimits), experiments: new ExperimentTable(database) }),
);

/** Damage to the file ends the thread, and with it the program, which begins a new one. */
function guarded<P, R>(method: (parameters: P) => R): (parameters: P) => R {
  return (parameters) => watchingForDamage(file, endThread, () => method(parameters));
}

const methods = {
  /** @returns why the file was begun anew, null when it was not. */
  ready: (_: undefined) => replaced,
  addMessage: guarded(({ message, search }: { message: Omit<InboxMessage, 'id'>; search: string }) =>
    inbox.add(message, search),
  ),
  messages: guarded((search: InboxSearch) => inbox.search(search)),
  message: guarded((id: number) => inbox.get(id)),
  startExperiment: guarded((start: ExperimentStart) => experiments.start(start)),
  endExperiment: guarded(({ id, end }: { id: string; end: ExperimentEnd }) => experiments.end(id, end)),
  experiments: guarded((search: ExperimentSearch) => experiments.search(search)),
  experiment: guarded(({ id, nowMs }: { id: string; nowMs: number }) => experiments.get(id, nowMs)),
  setting: guarded((name: string) => {
    const row = database.prepare('SELECT value FROM settings WHERE name = ?').get(name);
    return row && textFrom(row['value']);
  }),
  saveSetting: guarded(({ name, value }: { name: string; value: string }) => {
    database
      .prepare('INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
      .run(name, value);
  }),
};
export type StateMethods = typeof methods;

serve(methods, () => database.close());
