/** Vitest global setup: one real Postgres 18 for the whole run; every test clones databases of its own. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { applyRoles, startPostgres } from '@lab/postgres';
import type { TestProject } from 'vitest/node';
import { freePort } from './free-port.ts';
import { temporaryFolder } from './temporary-folder.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** Superuser's URL of the database `postgres` on the run's server. */
    postgresUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await temporaryFolder();
  const server = await startPostgres({
    dataDir: join(folder.path, 'data'),
    port: await freePort(),
    superuserPassword: randomUUID(),
    // Nothing of a test run has to survive a power cut; several test files share the connections.
    settings: { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: '300' },
  });
  await applyRoles(server.url(), { owner: 'owner', app: 'app', exporter: 'exporter' });
  project.provide('postgresUrl', server.url());
  return async () => {
    await server.stop({ remove: true });
    await folder[Symbol.asyncDispose]();
  };
}
