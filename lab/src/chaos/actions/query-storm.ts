import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { endSessions } from '../rollbacks/end-sessions.ts';
import { BALLAST, connect } from '../target/sessions.ts';

export const queryStorm = actionKind({
  schema: z.strictObject({ do: z.literal('query-storm'), sessions: z.int().min(1).max(20) }),
  description: 'Opens sessions that read a table larger than the database’s memory, over and over.',
  async perform({ sessions }, { databases, ttlSeconds }) {
    const end = Date.now() + ttlSeconds * 1000;
    await makeBallast(databases.ownerUrl);
    for (let index = 0; index < sessions; index += 1)
      void readBallast(await connect(databases.ownerUrl), end);
  },
  touches: () => ['postgres'],
  undoneBy: [endSessions],
});

/** 15,000 blocks: twice the database's memory. */
async function makeBallast(ownerUrl: string): Promise<void> {
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

/** @param end Unix milliseconds. */
async function readBallast(session: pg.Client, end: number): Promise<void> {
  try {
    while (Date.now() < end) {
      await session.query(`SELECT count(*) FROM ${BALLAST}`);
      // Half a core is enough: the point is the disk, not the processor.
      await pause(150);
    }
  } catch {
    // Ended by the rollback, which is how it ends.
  } finally {
    await session.end().catch(() => undefined);
  }
}
