/** Postgres as a part of lite mode: a cluster under .lab/data, roles and database made sure of at every start. */

import { readFileSync } from 'node:fs';
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { applyRoles, connectionUrl, preparePostgres } from '@lab/postgres';
import pg from 'pg';
import { endProcess } from '../../process/end-process.ts';
import { lookUp } from '../../process/process-table.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import type { Part } from '../../supervisor/part.ts';

export function postgresPart(
  paths: LabPaths,
  { ports, secrets }: Settings,
  common: Record<string, string>,
): Part {
  const superuserUrl = connectionUrl({
    user: 'postgres',
    password: secrets.POSTGRES_SUPERUSER_PASSWORD,
    port: ports.POSTGRES_PORT,
    database: 'postgres',
  });
  return {
    name: 'postgres',
    dependsOn: [],
    async prepare() {
      const { dataDir, env, ...command } = await preparePostgres({
        dataDir: join(paths.data, 'postgres'),
        port: ports.POSTGRES_PORT,
        superuserPassword: secrets.POSTGRES_SUPERUSER_PASSWORD,
      });
      // As root below a folder that is closed to others the data lies elsewhere; `clean` has to find it.
      await writeFile(locationFile(paths), dataDir);
      return { ...command, env: { ...env, ...common } };
    },
    async beforeSpawn({ args }) {
      await clearLock(args[args.indexOf('-D') + 1] ?? '');
    },
    isReady: async () => {
      const client = new pg.Client({ connectionString: superuserUrl, connectionTimeoutMillis: 2_000 });
      try {
        await client.connect();
        await client.query('SELECT 1');
        return true;
      } catch (cause) {
        if (cause instanceof pg.DatabaseError && cause.code === '28P01')
          throw new Error(
            'the password in .env is not the one that .lab/data/postgres was made with: put the former .env back, or `make clean` to begin with empty data',
            { cause },
          );
        throw cause;
      } finally {
        await client.end().catch(() => undefined); // A connection that never came about has nothing to end.
      }
    },
    afterReady: () =>
      applyRoles(superuserUrl, {
        owner: secrets.TASKMANAGER_DB_PASSWORD,
        app: secrets.TASKMANAGER_APP_DB_PASSWORD,
        exporter: secrets.POSTGRES_EXPORTER_PASSWORD,
      }),
    // Fast shutdown: sessions are ended, nothing is lost. SIGTERM would wait for clients to leave by themselves.
    stopSignal: 'SIGINT',
    stopDeadlineMs: 20_000,
  };
}

function locationFile(paths: LabPaths): string {
  return join(paths.data, 'postgres.location');
}

/** Deletes the cluster wherever it lies; nothing where there is none. */
export async function removePostgresData(paths: LabPaths): Promise<void> {
  const noted = await readFile(locationFile(paths), 'utf8').catch(() => '');
  const inside = join(paths.data, 'postgres');
  // A note is only text: nothing is deleted but what @lab/postgres makes.
  const elsewhere = /^\/var\/tmp\/(lab-postgres-[0-9a-f]+)\/data$/.exec(noted)?.[1];
  if (elsewhere !== undefined) await rm(join('/var/tmp', elsewhere), { recursive: true, force: true });
  await rm(inside, { recursive: true, force: true });
}

/**
 * Postgres refuses to start while the process named in its lock file runs. After a crash of the machine that number
 * may belong to any program; one that is a server on this very folder is a leftover, and is ended.
 */
async function clearLock(dataDir: string): Promise<void> {
  const lock = join(dataDir, 'postmaster.pid');
  const pid = Number.parseInt((await readFile(lock, 'utf8').catch(() => '')).split('\n')[0] ?? '', 10);
  if (!(pid > 0)) return;
  const entry = lookUp(pid);
  if (entry && !entry.zombie && servesFolder(pid, dataDir))
    await endProcess(entry, { signal: 'SIGINT', deadlineMs: 10_000 });
  else await rm(lock, { force: true });
}

function servesFolder(pid: number, dataDir: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(dataDir);
  } catch {
    // No /proc, or just ended: leave the judgement to Postgres itself.
    return false;
  }
}
