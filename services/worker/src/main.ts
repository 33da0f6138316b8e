/**
 * taskmanager-worker: delivers reminders and notifications that the api enqueued. This is its composition root:
 * everything is made and wired here. Run as `node --import @lab/telemetry/register src/main.ts`.
 * Exit status: 0 after a shutdown, 1 when it could not run or not end in time, 2 for a wrong setting.
 */
import { runProgram, StartError } from '@lab/kit';
import { createFaults, createManagementServer, createTelemetry, gracefulShutdown } from '@lab/telemetry';
import { QUEUES } from 'taskmanager-api/contract/jobs';
import { readConfig } from './config.ts';
import { createDatabasePool } from './database-pool.ts';
import { createJobInstruments } from './queue/job-instruments.ts';
import { createWorker } from './worker.ts';

await runProgram('taskmanager-worker', async () => {
  const config = readConfig(process.env);
  const telemetry = createTelemetry({ service: config.service, log: config.log });
  const { logger } = telemetry;
  const pool = createDatabasePool({ ...config.database, telemetry });
  const instruments = createJobInstruments(
    telemetry,
    QUEUES.map((queue) => queue.name),
  );
  const faults = createFaults({ telemetry, ...config.faults });
  const worker = createWorker({
    pool,
    instruments,
    logger,
    faults: () => faults.active(),
    concurrency: config.concurrency,
  });
  const management = createManagementServer({
    telemetry,
    ...config.management,
    readiness: { worker: () => worker.ready() },
    faults,
  });
  gracefulShutdown({
    logger,
    drainSeconds: config.drainSeconds,
    steps: [
      { name: 'readiness off', run: () => management.setReady(false) },
      // A little less than the whole: what is not done goes back to the queue while there is time for it.
      { name: 'finish the jobs in hand', run: () => worker.stop(config.drainSeconds * 0.8) },
      { name: 'close the database pool', run: () => pool.end() },
      { name: 'close the management listener', run: () => management.close() },
      { name: 'write the rest of the telemetry', run: () => telemetry.shutdown() },
    ],
  });
  try {
    const port = await management.listen();
    logger.info('started', { 'server.address': config.management.host, 'server.port': port });
    await worker.start();
  } catch (error) {
    logger.error('could not start', { error });
    await telemetry.shutdown();
    throw StartError.from(error);
  }
});
