/**
 * Brings the database to the schema of this version, then ends: the step before the API where the API itself has no right to change
 * the schema (Kubernetes). Waits for a database that is not there yet. Start: node src/migrate-main.ts
 */
import { setTimeout as pause } from 'node:timers/promises';
import { runProgram, StartError } from '@lab/kit';
import { createTelemetry } from '@lab/telemetry';
import { readMigrationConfig } from './config.ts';
import { migrate } from './database/migrate.ts';
import { isUnavailable } from './database/unavailable.ts';

const RETRY_MS = 500;

await runProgram('taskmanager-api migration', async () => {
  const config = readMigrationConfig(process.env);
  const telemetry = createTelemetry({ service: config.service, log: config.log });
  const { logger } = telemetry;
  try {
    for (let attempt = 1; ; attempt += 1) {
      try {
        await migrate({
          databaseUrl: config.databaseUrl,
          log: (message) => logger.debug('migration', { 'event.reason': message }),
        });
        break;
      } catch (error) {
        if (!isUnavailable(error)) throw StartError.from(error);
        if (attempt === 1) logger.warn('waiting for the database', { error });
        await pause(RETRY_MS);
      }
    }
    logger.info('schema and queues are those of this version');
  } finally {
    await telemetry.shutdown();
  }
});
