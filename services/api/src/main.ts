/** taskmanager-api: tasks and accounts over HTTP, on Postgres. Start: node --import @lab/telemetry/register src/main.ts */
import { once } from 'node:events';
import { createServer } from 'node:http';
import { closeHttpServer, createManagementServer, gracefulShutdown } from '@lab/telemetry';
import { composeApi } from './compose.ts';
import { type Config, ConfigError, readConfig } from './config.ts';
import { createApiTelemetry } from './telemetry.ts';

try {
  await main(readConfig(process.env));
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  process.stderr.write(`taskmanager-api cannot start with this environment:\n${error.message}\n`);
  process.exitCode = 2;
}

async function main(config: Config): Promise<void> {
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
    readiness: { database: api.ready },
    faults,
  });
  let failed = false;
  const { shutdown } = gracefulShutdown({
    logger,
    drainSeconds: config.shutdownDrainSeconds,
    steps: [
      { name: 'readiness off', run: () => management.setReady(false) },
      { name: 'requests in flight', run: () => server.listening && closeHttpServer(server) },
      { name: 'database', run: () => api.close() },
      { name: 'management', run: () => management.close() },
      { name: 'telemetry', run: () => telemetry.shutdown() },
    ],
    exit: (code) => process.exit(failed ? 1 : code),
  });

  try {
    await management.listen();
    server.listen(config.http.port, config.http.host);
    await once(server, 'listening');
    const address = server.address();
    logger.info('listening', {
      'server.address': config.http.host,
      'server.port': typeof address === 'object' ? address?.port : config.http.port,
    });
    await api.start();
  } catch (error) {
    failed = true;
    logger.error('cannot start', { error });
    const reason = error instanceof Error ? error.message : String(error);
    // Also where the log goes to a file only: whoever started it looks here.
    process.stderr.write(`taskmanager-api cannot start: ${reason}\n`);
    await shutdown('cannot start');
  }
}
