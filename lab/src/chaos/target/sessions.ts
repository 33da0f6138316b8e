/**
 * Sessions of the lab's own in the database. Each carries a name and ends by itself: the server sleeps for its time to live, so that
 * a lab that was killed leaves nothing that stays.
 */
import pg from 'pg';

/** `application_name` of every session: the rollback looks for it. */
export const SESSION_NAME = 'lab-chaos';
/** A table that only a rollback removes. */
export const BALLAST = 'lab_chaos_ballast';

export async function connect(url: string, name = SESSION_NAME): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: name,
    connectionTimeoutMillis: 5_000,
  });
  // A session that is ended by the rollback says so here, which is what was wanted.
  client.on('error', () => undefined);
  await client.connect();
  return client;
}

/** Keeps the session as it is, on the server. */
export function stay(session: pg.Client, ttlSeconds: number): void {
  session
    .query('SELECT pg_sleep($1)', [ttlSeconds])
    // Ended by the rollback, which is how it ends.
    .catch(() => undefined)
    .finally(() => session.end().catch(() => undefined));
}
