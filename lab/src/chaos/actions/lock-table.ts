import pg from 'pg';
import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { endSessions } from '../rollbacks/end-sessions.ts';
import { connect, stay } from '../target/sessions.ts';

export const lockTable = actionKind({
  schema: z.strictObject({
    do: z.literal('lock-table'),
    table: z.enum(['tasks', 'users', 'notifications']),
  }),
  description: 'Locks a table against everybody.',
  async perform({ table }, { databases, ttlSeconds }) {
    const session = await connect(databases.ownerUrl);
    await session.query('BEGIN');
    await session.query(`LOCK TABLE ${pg.escapeIdentifier(table)} IN ACCESS EXCLUSIVE MODE`);
    stay(session, ttlSeconds);
  },
  touches: () => ['postgres'],
  undoneBy: [endSessions],
});
