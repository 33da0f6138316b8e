/** The worker's life: waits for its database, works, ends with the job in hand done. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Fault, Logger } from '@lab/telemetry';
import type pg from 'pg';
import { QUEUE_SCHEMA, QUEUES } from 'taskmanager-api/contract/jobs';
import { createNotificationStore } from './delivery/notification-store.ts';
import { createBoss } from './queue/boss.ts';
import { consume } from './queue/consume.ts';
import { createDepthSampler } from './queue/depth-sampler.ts';
import type { JobInstruments } from './queue/job-instruments.ts';
import { quietly } from './queue/quietly.ts';

const RETRY_MS = 1_000;

export interface Worker {
  /** Resolves when jobs are being taken; tries until the database is there and the api has migrated it. */
  start(): Promise<void>;
  /** Resolves when the worker is at work and its database answers; rejects with what is missing. */
  ready(): Promise<void>;
  /**
   * Takes no further job and lets those in hand finish. What is not done after `graceSeconds` goes back to the
   * queue. Leaves the pool open.
   */
  stop(graceSeconds: number): Promise<void>;
}

export function createWorker(options: {
  pool: pg.Pool;
  instruments: JobInstruments;
  logger: Logger;
  faults: () => readonly Fault[];
  concurrency: number;
}): Worker {
  const { pool, instruments, logger, faults, concurrency } = options;
  const boss = createBoss(pool, logger);
  const sampler = createDepthSampler({ database: pool, instruments, logger });
  const store = createNotificationStore(pool);
  const stopping = new AbortController();
  let state: 'waiting for the database and its migration' | 'working' | 'stopping' =
    'waiting for the database and its migration';
  const complain = quietly((_suppressed, error: unknown) => logger.info(`${state}`, { error }));

  async function begin(): Promise<void> {
    await assertMigrated(pool);
    await boss.start();
    stopping.signal.throwIfAborted();
    await consume({ boss, store, instruments, logger, faults, concurrency });
    sampler.start();
  }

  return {
    async start() {
      for (;;) {
        try {
          await begin();
          break;
        } catch (error) {
          if (stopping.signal.aborted) return;
          complain(error);
        }
        await pause(RETRY_MS, undefined, { signal: stopping.signal }).catch(() => {
          // Aborted: the loop's own check ends it.
        });
        if (stopping.signal.aborted) return;
      }
      state = 'working';
      logger.info('taking jobs');
    },
    async ready() {
      if (state !== 'working') throw new Error(state);
      await pool.query('SELECT 1');
    },
    async stop(graceSeconds) {
      state = 'stopping';
      stopping.abort();
      await sampler.stop();
      await boss.stop({ graceful: true, timeout: graceSeconds * 1000, close: false });
    },
  };
}

/** The api migrates (DESIGN section 4); what the worker needs is there, and may be used, only after it. */
async function assertMigrated(pool: pg.Pool): Promise<void> {
  const names = QUEUES.map((queue) => queue.name);
  await pool.query('SELECT FROM notifications LIMIT 0');
  const { rowCount } = await pool.query(`SELECT FROM ${QUEUE_SCHEMA}.queue WHERE name = ANY($1)`, [names]);
  if (rowCount !== names.length)
    throw new Error(`expected the queues ${names.join(', ')}, found ${rowCount} of them`);
}
