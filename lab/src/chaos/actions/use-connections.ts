import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { endSessions } from '../rollbacks/end-sessions.ts';
import { connect } from '../target/sessions.ts';

const FREE = `
SELECT (current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
  - current_setting('reserved_connections')::int
  - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend'))::int AS free`;

export const useConnections = actionKind({
  schema: z.strictObject({ do: z.literal('use-connections'), leave: z.int().min(0).max(50) }),
  description:
    'Opens database sessions that do nothing, until only so many are left for anybody but a superuser.',
  async perform({ leave }, { databases, ttlSeconds }) {
    const superuser = await connect(databases.superuserUrl, 'lab-chaos-count');
    let free: number;
    try {
      const { rows } = await superuser.query<{ free: number }>(FREE);
      free = rows[0]?.free ?? 0;
    } finally {
      await superuser.end();
    }
    for (let taken = 0; taken < free - leave; taken += 1) {
      const session = await connect(databases.ownerUrl);
      // Forgotten, not busy: the server ends it after its time to live.
      await session.query(`SET idle_session_timeout = ${Math.ceil(ttlSeconds * 1000)}`);
    }
  },
  touches: () => ['postgres'],
  undoneBy: [endSessions],
});
