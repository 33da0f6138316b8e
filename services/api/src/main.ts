/** taskmanager-api: tasks and accounts over HTTP, on Postgres. Start: node --import @lab/telemetry/register src/main.ts */
import { createServer } from 'node:http';
import { listen, runProgram, StartError } from '@lab/kit';
import { closeHttpServer, createManagementServer, gracefulShutdown } from '@lab/telemetry';
import { composeApi } from './compose.ts';
import { readConfig } from './config.ts';
import { createApiTelemetry } from './telemetry.ts';

await runProgram('taskmanager-api', main);

async function main(): Promise<void> {
  const config = readConfig(process.env);
  const { telemetry, faults, observability, declare } = createApiTelemetry({
    service: config.service,
    log: config.log,
    faults: config.faults,
  });
  const { logger } = telemetry;
  const api = composeApi({
    databaseUrl: config.database.url,
    migrationDatabaseUrl: config.database.migrationUrl,
    poolSize: config.database.poolSize,
    statementTimeoutMs: config.database.statementTimeoutMs,
    sessionSecret: config.http.sessionSecret,
    publicOrigin: config.http.publicOrigin,
    version: config.service.version,
    observability,
  });
  declare(api.routes);

  const server = createServer(api.app);
  // Longer than any proxy in front keeps an idle connection: whoever closes first must not be us.
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 30_000;
  const management = createManagementServer({
    telemetry,
    ...config.management,
    readiness: api.readiness,
    faults,
  });
  let failure: StartError | undefined;
  const { shutdown } = gracefulShutdown({
    logger,
    drainSeconds: config.drainSeconds,
    steps: [
      { name: 'readiness off', run: () => management.setReady(false) },
      {
        name: 'requests in flight',
        run: () => server.listening && closeHttpServer(server, config.keepAliveGraceMs),
      },
      { name: 'database', run: () => api.close() },
      { name: 'management', run: () => management.close() },
      { name: 'telemetry', run: () => telemetry.shutdown() },
    ],
    exit: (code) => {
      // A start that failed still has to say why.
      if (failure === undefined) process.exit(code);
    },
  });

  try {
    await management.listen();
    const port = await listen(server, config.http.host, config.http.port);
    logger.info('listening', { 'server.address': config.http.host, 'server.port': port });
    await api.start();
  } catch (error) {
    failure = StartError.from(error);
    logger.error('cannot start', { error });
    await shutdown('cannot start');
    throw failure;
  }
}
