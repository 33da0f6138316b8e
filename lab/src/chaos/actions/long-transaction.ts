import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { endSessions } from '../rollbacks/end-sessions.ts';
import { connect, stay } from '../target/sessions.ts';

export const longTransaction = actionKind({
  schema: z.strictObject({ do: z.literal('long-transaction') }),
  description: 'Opens a transaction that reads the tasks and does not end.',
  async perform(_, { databases, ttlSeconds }) {
    const session = await connect(databases.ownerUrl);
    await session.query('BEGIN ISOLATION LEVEL REPEATABLE READ');
    await session.query('SELECT count(*) FROM tasks');
    stay(session, ttlSeconds);
  },
  touches: () => ['postgres'],
  undoneBy: [endSessions],
});
