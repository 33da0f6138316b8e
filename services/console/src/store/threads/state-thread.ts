/** Worker thread: messages, experiments and settings of the console. */
import { join } from 'node:path';
import { workerData } from 'node:worker_threads';
import type { ExperimentEnd, ExperimentStart } from '../../contract/experiments.ts';
import type { InboxMessage } from '../../contract/inbox.ts';
import { openForWriting } from '../sqlite/open-database.ts';
import { textFrom } from '../sqlite/transaction.ts';
import { type ExperimentSearch, ExperimentTable } from '../state/experiment-table.ts';
import { type InboxLimits, type InboxSearch, InboxTable } from '../state/inbox-table.ts';
import { stateLayout } from '../state/schema.ts';
import { serve } from './calls.ts';

export interface StateData {
  directory: string;
  inboxLimits: InboxLimits;
}

const data = workerData as StateData;
const { database, replaced } = openForWriting(join(data.directory, 'state.db'), stateLayout, {
  cacheKiB: 4000,
});
const inbox = new InboxTable(database, data.inboxLimits);
const experiments = new ExperimentTable(database);

const methods = {
  /** @returns why the file was begun anew, null when it was not. */
  ready: (_: undefined) => replaced,
  addMessage: ({ message, search }: { message: Omit<InboxMessage, 'id'>; search: string }) =>
    inbox.add(message, search),
  messages: (search: InboxSearch) => inbox.search(search),
  message: (id: number) => inbox.get(id),
  startExperiment: (start: ExperimentStart) => experiments.start(start),
  endExperiment: ({ id, end }: { id: string; end: ExperimentEnd }) => experiments.end(id, end),
  experiments: (search: ExperimentSearch) => experiments.search(search),
  experiment: ({ id, nowMs }: { id: string; nowMs: number }) => experiments.get(id, nowMs),
  setting: (name: string) => {
    const row = database.prepare('SELECT value FROM settings WHERE name = ?').get(name);
    return row && textFrom(row['value']);
  },
  saveSetting: ({ name, value }: { name: string; value: string }) =>
    void database
      .prepare('INSERT INTO settings VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value')
      .run(name, value),
};
export type StateMethods = typeof methods;

serve(methods, () => database.close());
