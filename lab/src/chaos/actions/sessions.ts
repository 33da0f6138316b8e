/**
 * Trouble inside the database, made by sessions of the lab's own. Each carries a name and ends by itself: the server sleeps for
 * its time to live, so that a lab that was killed leaves nothing that stays.
 */
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';

/** `application_name` of every session: what the rollback looks for. */
export const SESSION_NAME = 'lab-chaos';
const BALLAST = 'lab_chaos_ballast';

export interface Databases {
  /** Connection URL of the schema's owner. */
  ownerUrl: string;
  superuserUrl: string;
}

export type SessionAction =
  | { do: 'lock-table'; table: string }
  | { do: 'long-transaction' }
  | { do: 'use-connections'; leave: number }
  | { do: 'query-storm'; sessions: number }
  | { do: 'deadlocks' }
  | { do: 'unreadable-jobs'; count: number };

/** As the api enqueues them, but for a payload that no worker can make sense of. */
const UNREADABLE_JOBS = `
INSERT INTO pgboss.job (name, data, retry_limit, dead_letter, policy, expire_seconds)
SELECT queue.name, '{"kind":"made by an experiment"}', queue.retry_limit, queue.dead_letter, queue.policy, 60
FROM pgboss.queue, generate_series(1, $1) WHERE queue.name = 'notification'`;

/** Returns when the trouble is there. */
export async function openSessions(
  action: SessionAction,
  databases: Databases,
  ttlSeconds: number,
): Promise<void> {
  const open = () => connect(databases.ownerUrl);
  const end = Date.now() + ttlSeconds * 1000;
  switch (action.do) {
    case 'lock-table': {
      const session = await open();
      await session.query('BEGIN');
      await session.query(`LOCK TABLE ${pg.escapeIdentifier(action.table)} IN ACCESS EXCLUSIVE MODE`);
      return stay(session, ttlSeconds);
    }
    case 'long-transaction': {
      const session = await open();
      await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
      await session.query('SELECT count(*) FROM tasks');
      return stay(session, ttlSeconds);
    }
    case 'use-connections':
      return useConnections(action.leave, databases, ttlSeconds);
    case 'query-storm': {
      await makeBallast(databases);
      for (let index = 0; index < action.sessions; index += 1) repeat(await open(), end, readBallast);
      return;
    }
    case 'deadlocks': {
      const [one, other] = [await open(), await open()];
      void crossLocks(one, other, end);
      return;
    }
    case 'unreadable-jobs': {
      const session = await open();
      try {
        await session.query(UNREADABLE_JOBS, [action.count]);
      } finally {
        await session.end();
      }
    }
  }
}

/** Ends every session of the lab's own, whoever opened it, and removes what it made. Harmless where there is none. */
export async function endSessions({ superuserUrl, ownerUrl }: Databases): Promise<void> {
  const superuser = await connect(superuserUrl, 'lab-chaos-rollback');
  try {
    await superuser.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = $1',
      [SESSION_NAME],
    );
  } finally {
    await superuser.end();
  }
  const owner = await connect(ownerUrl, 'lab-chaos-rollback');
  try {
    await owner.query(`DROP TABLE IF EXISTS ${BALLAST}`);
  } finally {
    await owner.end();
  }
}

async function connect(url: string, name = SESSION_NAME): Promise<pg.Client> {
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
function stay(session: pg.Client, ttlSeconds: number): void {
  session
    .query('SELECT pg_sleep($1)', [ttlSeconds])
    // Ended by the rollback, which is how it ends.
    .catch(() => undefined)
    .finally(() => session.end().catch(() => undefined));
}

async function useConnections(leave: number, databases: Databases, ttlSeconds: number): Promise<void> {
  const superuser = await connect(databases.superuserUrl, 'lab-chaos-count');
  let free: number;
  try {
    const { rows } = await superuser.query<{ free: number }>(
      `SELECT (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
         - current_setting('reserved_connections')::int
         - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'))::int AS free`,
    );
    free = rows[0]?.free ?? 0;
  } finally {
    await superuser.end();
  }
  for (let taken = 0; taken < free - leave; taken += 1) {
    const session = await connect(databases.ownerUrl);
    // Forgotten, not busy: the server ends it after its time to live.
    await session.query(`SET idle_session_timeout = ${Math.ceil(ttlSeconds * 1000)}`);
  }
}

/** 15,000 blocks: twice the database's memory. */
async function makeBallast({ ownerUrl }: Databases): Promise<void> {
  const session = await connect(ownerUrl);
  try {
    await session.query(`DROP TABLE IF EXISTS ${BALLAST}`);
    await session.query(
      // PLAIN: compressed, it would fit into memory many times over.
      `CREATE UNLOGGED TABLE ${BALLAST} (filler text STORAGE PLAIN) WITH (autovacuum_enabled = false)`,
    );
    await session.query(
      `INSERT INTO ${BALLAST} SELECT repeat(md5(n::text), 120) FROM generate_series(1, 30000) AS n`,
    );
  } finally {
    await session.end();
  }
}

async function readBallast(session: pg.Client): Promise<void> {
  await session.query(`SELECT count(*) FROM ${BALLAST}`);
  // Half a core is enough: the point is the disk, not the processor.
  await pause(150);
}

function repeat(session: pg.Client, end: number, once: (session: pg.Client) => Promise<void>): void {
  const run = async () => {
    while (Date.now() < end) await once(session);
  };
  void run()
    // Ended by the rollback, which is how it ends.
    .catch(() => undefined)
    .finally(() => session.end().catch(() => undefined));
}

async function crossLocks(one: pg.Client, other: pg.Client, end: number): Promise<void> {
  try {
    while (Date.now() < end) {
      await Promise.all([one.query('BEGIN'), other.query('BEGIN')]);
      await Promise.all([
        one.query('SELECT pg_advisory_xact_lock(1, 1)'),
        other.query('SELECT pg_advisory_xact_lock(1, 2)'),
      ]);
      // One of the two is refused after deadlock_timeout: that is the deadlock.
      await Promise.allSettled([
        one.query('SELECT pg_advisory_xact_lock(1, 2)'),
        other.query('SELECT pg_advisory_xact_lock(1, 1)'),
      ]);
      await Promise.all([one.query('ROLLBACK'), other.query('ROLLBACK')]);
      await pause(500);
    }
  } catch {
    // Ended by the rollback, which is how it ends.
  } finally {
    await Promise.allSettled([one.end(), other.end()]);
  }
}
