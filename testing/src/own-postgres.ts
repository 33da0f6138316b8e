import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { applyRoles, connectionUrl, startPostgres } from '@lab/postgres';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

/** A Postgres of the test's own, to be stopped and started at will; roles as in the lab, with random passwords. */
export interface OwnPostgres extends AsyncDisposable {
  port: number;
  /** `taskmanager`, who migrates. */
  ownerUrl: string;
  /** `taskmanager_app`. */
  appUrl: string;
  /** The superuser, in the database `taskmanager`. */
  superuserUrl: string;
  /** Every password in the URLs. */
  passwords: string[];
  /** Ends every connection and stops, as a restart of the server does. */
  stop(): Promise<void>;
  /** Starts it again, with the data it had, on the same port. */
  start(): Promise<void>;
}

export async function startOwnPostgres(): Promise<OwnPostgres> {
  const folder = await temporaryFolder();
  const passwords = {
    superuser: randomUUID(),
    owner: randomUUID(),
    app: randomUUID(),
    exporter: randomUUID(),
  };
  const port = await freePort();
  const options = {
    dataDir: join(folder.path, 'data'),
    port,
    superuserPassword: passwords.superuser,
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' },
  };
  let server = await startPostgres(options);
  const url = (user: string, password: string) =>
    connectionUrl({ user, password, port, database: 'taskmanager' });
  await applyRoles(server.url(), passwords);
  return {
    port,
    ownerUrl: url('taskmanager', passwords.owner),
    appUrl: url('taskmanager_app', passwords.app),
    superuserUrl: url('postgres', passwords.superuser),
    passwords: Object.values(passwords),
    stop: () => server.stop(),
    start: async () => {
      server = await startPostgres(options);
    },
    async [Symbol.asyncDispose]() {
      await server.stop({ remove: true });
      await folder[Symbol.asyncDispose]();
    },
  };
}
