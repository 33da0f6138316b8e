/** Ends every session of the lab's own, whoever opened it, and removes what it made. */
import { z } from 'zod';
import { rollbackKind } from '../experiment/kinds.ts';
import { BALLAST, connect, SESSION_NAME } from '../target/sessions.ts';

export const endSessions = rollbackKind({
  schema: z.strictObject({ undo: z.literal('end-sessions') }),
  async perform(_, { databases: { superuserUrl, ownerUrl } }) {
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
  },
});
