import type { Logger } from '@lab/telemetry';
import type pg from 'pg';
import { PgBoss } from 'pg-boss';
import { BOSS_OPTIONS } from 'taskmanager-api/contract/jobs';
import { quietly } from './quietly.ts';

/**
 * How often lost jobs are looked for, seconds. Worst case for a job whose worker was killed just after a heartbeat:
 * 10 (the heartbeat's patience, pg-boss's minimum) + 2 (this) + 2 (first retry, with its jitter) + 0.5 (poll) = 14.5 s.
 */
const SUPERVISE_SECONDS = 2;

/** pg-boss on the worker's own pool, with housekeeping on and nothing that needs rights on the schema. */
export function createBoss(pool: pg.Pool, logger: Logger): PgBoss {
  const boss = new PgBoss({
    ...BOSS_OPTIONS,
    // Its statements begin with a line break; what measures statements looks at the first word.
    db: { executeSql: (text, values) => pool.query(text.trimStart(), values) },
    supervise: true,
    superviseIntervalSeconds: SUPERVISE_SECONDS,
    monitorIntervalSeconds: SUPERVISE_SECONDS,
    // Deletes what is older than its retention.
    maintenanceIntervalSeconds: 300,
    monitorVacuum: false,
    registerInstance: false,
    // Jobs that wait for other jobs: we have none, and an hour is the rarest that makes sense.
    flowIntervalSeconds: 3600,
  });
  // While the database is away each poll fails: one line says so, not two a second.
  const complain = quietly((suppressed, error: Error) =>
    logger.warn('the queue could not do its work and will try again', {
      'error.message': error.message,
      'labels.suppressed': suppressed,
    }),
  );
  boss.on('error', complain);
  boss.on('warning', ({ message }) => logger.warn(message));
  return boss;
}
