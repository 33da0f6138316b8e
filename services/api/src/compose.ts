/**
 * The composition root: constructs every part of the API once and ties them together. Instrumentation comes in from
 * outside; without it the API runs bare.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Express } from 'express';
import { migrate } from './database/migrate.ts';
import { monitorDatabase } from './database/monitor.ts';
import { createPgDatabase } from './database/pg-database.ts';
import { createPool } from './database/pool.ts';
import { DatabaseUnavailableError, isUnavailable } from './database/unavailable.ts';
import { createExpressApp } from './http/app.ts';
import type { Route } from './http/route.ts';
import { createSessions } from './http/session.ts';
import { createJobQueue } from './jobs/job-queue.ts';
import { notificationRoutes } from './notifications/notification-controller.ts';
import { createNotificationStore } from './notifications/notification-store.ts';
import { type Observability, UNOBSERVED } from './observability.ts';
import { countActiveSessions } from './sessions/active-sessions.ts';
import { taskRoutes } from './tasks/task-controller.ts';
import { createTaskService } from './tasks/task-service.ts';
import { createTaskStore } from './tasks/task-store.ts';
import { createLoginLimiter, type LoginLimits } from './users/login-limiter.ts';
import { createPasswords } from './users/passwords.ts';
import { userRoutes } from './users/user-controller.ts';
import { createUserService } from './users/user-service.ts';
import { createUserStore } from './users/user-store.ts';

export { UNOBSERVED } from './observability.ts';

export interface ApiOptions {
  /** As the role that reads and writes rows. */
  databaseUrl: string;
  /** As the owner; with it the API migrates when it starts, without it waits until somebody has. */
  migrationDatabaseUrl?: string | undefined;
  /** Default 10. */
  poolSize?: number;
  /** Default 5000. */
  statementTimeoutMs?: number;
  sessionSecret: string;
  /** Origin under which browsers see the API; default: whatever host they asked. */
  publicOrigin?: string | undefined;
  version?: string;
  observability?: Observability;
  loginLimits?: LoginLimits;
}

export interface Api {
  app: Express;
  routes: readonly Route[];
  /** Resolves when the schema is there and the queue too, however long the database takes to appear. @throws Error of a migration that cannot work. */
  start(): Promise<void>;
  /** Rejects with the reason while requests would be refused. */
  ready(): Promise<void>;
  /** The same in two: what every instance waits for alike, and what this one has still to do. */
  readiness: Readonly<Record<'database' | 'start', () => Promise<void>>>;
  /** Ends what runs in the background and closes every connection. */
  close(): Promise<void>;
}

export function composeApi(options: ApiOptions): Api {
  const { databaseUrl, sessionSecret, publicOrigin, version = '0.0.0' } = options;
  const observability = options.observability ?? UNOBSERVED;
  const { log } = observability;
  let started = false;
  const closing = new AbortController();

  const { pool, breakConnections } = createPool({
    connectionString: databaseUrl,
    size: options.poolSize ?? 10,
    statementTimeoutMs: options.statementTimeoutMs ?? 5_000,
    isAvailable: () => monitor.available,
    onLostConnection: (error) => log.debug('idle database connection lost', { error }),
  });
  observability.instrumentPool(pool);
  let outage: Error | undefined = new DatabaseUnavailableError('the database has not answered yet');
  const monitor = monitorDatabase({
    connectionString: databaseUrl,
    onChange: (unavailable) => {
      outage = unavailable;
      if (unavailable) {
        log.warn('database unavailable', { error: unavailable });
        // What still waits for it would wait in vain.
        breakConnections();
      } else log.info('database available');
    },
  });
  const database = createPgDatabase({ pool, isReady: () => started });

  const jobs = createJobQueue({
    // Its start is what `started` waits for.
    database: createPgDatabase({ pool }),
    trace: observability.jobTrace,
    onError: (error) => log.warn('job queue', { error }),
  });
  const sessions = createSessions({
    database,
    secret: sessionSecret,
    onError: (message, error) => log.warn(message, { error }),
  });
  const users = createUserStore(database);
  const userService = createUserService({
    users,
    passwords: createPasswords(),
    limiter: createLoginLimiter(options.loginLimits),
  });
  const taskService = createTaskService({
    tasks: createTaskStore(database),
    transaction: (work) =>
      database.transaction((transaction) =>
        work({
          tasks: createTaskStore(transaction),
          jobs: jobs.within(transaction),
          accountOf: async (email) => (await createUserStore(transaction).findByEmail(email))?.id,
        }),
      ),
  });
  const { app, routes } = createExpressApp({
    routes: [
      ...userRoutes(userService),
      ...taskRoutes(taskService),
      ...notificationRoutes(createNotificationStore(database)),
    ],
    session: sessions.middleware,
    observability,
    publicOrigin,
    version,
  });
  let counting: { stop(): Promise<void> } | undefined;

  async function prepare(): Promise<void> {
    if (options.migrationDatabaseUrl !== undefined) {
      await migrate({
        databaseUrl: options.migrationDatabaseUrl,
        log: (message) => log.debug('migration', { 'event.reason': message }),
      });
    }
    await jobs.start();
  }

  const readiness = {
    async database() {
      if (outage) throw outage;
    },
    async start() {
      if (!started) throw new Error('the schema or the queue is not there yet');
    },
  };

  return {
    app,
    routes,
    async start() {
      for (let attempt = 1; !started && !closing.signal.aborted; attempt += 1) {
        try {
          await prepare();
          started = true;
          log.info('schema and queue ready');
        } catch (error) {
          // Without the right to migrate every failure may be cured by whoever has it.
          if (options.migrationDatabaseUrl !== undefined && !isUnavailable(error)) throw error;
          if (attempt === 1) log.warn('waiting for the database and its schema', { error });
          await pause(RETRY_MS, undefined, { signal: closing.signal }).catch(() => {
            // Closing: the loop ends.
          });
        }
      }
      if (closing.signal.aborted) return;
      counting = countActiveSessions({
        database,
        publish: observability.activeSessions,
        onError: (error) => log.debug('active sessions not counted', { error }),
      });
    },
    async ready() {
      await readiness.database();
      await readiness.start();
    },
    readiness,
    async close() {
      closing.abort();
      await Promise.all([counting?.stop(), sessions.close(), jobs.stop()]);
      await monitor.stop();
      if (outage) breakConnections();
      await pool.end();
    },
  };
}

const RETRY_MS = 500;
