import { z } from 'zod';
import { actionKind } from '../experiment/kinds.ts';
import { endSessions } from '../rollbacks/end-sessions.ts';
import { connect } from '../target/sessions.ts';

/** Enqueues jobs as the api does, with a payload that no worker can make sense of. */
const UNREADABLE_JOBS = `
INSERT INTO pgboss.job (name, data, retry_limit, dead_letter, policy, expire_seconds)
SELECT queue.name, '{"kind":"made by an experiment"}', queue.retry_limit, queue.dead_letter, queue.policy, 60
FROM pgboss.queue, generate_series(1, $1) WHERE queue.name = 'notification'`;

export const unreadableJobs = actionKind({
  schema: z.strictObject({ do: z.literal('unreadable-jobs'), count: z.int().min(1).max(100) }),
  description: 'Enqueues jobs whose payload no worker can read; they stay in the dead-letter queue.',
  async perform({ count }, { databases }) {
    const session = await connect(databases.ownerUrl);
    try {
      await session.query(UNREADABLE_JOBS, [count]);
    } finally {
      await session.end();
    }
  },
  touches: () => ['postgres', 'worker'],
  undoneBy: [endSessions],
});
