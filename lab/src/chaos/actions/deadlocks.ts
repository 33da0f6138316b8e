import { setTimeout as pause } from 'node:timers/promises';
import type pg from 'pg';
import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { endSessions } from '../rollbacks/end-sessions.ts';
import { connect } from '../target/sessions.ts';

export const deadlocks = actionKind({
  schema: z.strictObject({ do: z.literal('deadlocks') }),
  description: 'Runs pairs of transactions that take two locks in opposite order.',
  async perform(_, { databases: { ownerUrl }, ttlSeconds }) {
    const [one, other] = [await connect(ownerUrl), await connect(ownerUrl)];
    void crossLocks(one, other, Date.now() + ttlSeconds * 1000);
  },
  touches: () => ['postgres'],
  undoneBy: [endSessions],
});

/** @param end Unix milliseconds. */
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
