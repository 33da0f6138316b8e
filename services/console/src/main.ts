/**
 * lab-console: the lab's front door in both modes, and in lite also the store of logs and traces. Started as
 * `node --import @lab/telemetry/register src/main.ts`.
 */
import { createServer } from 'node:http';
import { join } from 'node:path';
import { ConfigError, listen, runProgram } from '@lab/kit';
import {
  closeHttpServer,
  createFaults,
  createManagementServer,
  createTelemetry,
  gracefulShutdown,
} from '@lab/telemetry';
import { readConfig } from './server/config.ts';
import { createApp } from './server/create-app.ts';
import { WatchdogSwitch } from './server/dead-mans-switch/dead-mans-switch.ts';
import { readMemory, saveMemory } from './server/dead-mans-switch/memory.ts';
import { experimentRoutes } from './server/experiments/routes.ts';
import { SPEED_SETTING } from './server/lab/routes.ts';
import { METRICS } from './server/metrics.ts';
import { openSignalServices } from './server/signal-services.ts';
import { openState, ThreadError } from './store/index.ts';

const CHECK_EVERY_MS = 1000;
const REFRESH_EVERY_MS = 60_000;

await runProgram('lab-console', async () => {
  const config = readConfig(process.env);
  const telemetry = createTelemetry({ service: config.service, log: config.log });
  const { logger } = telemetry;
  // A thread of the store that ends takes the program with it: the supervisor starts both anew, and nothing is lost.
  const die = (error: Error) => {
    logger.error(error, { 'event.action': 'store-died' });
    void telemetry.shutdown().finally(() => process.exit(1));
  };
  const { state, replaced, release } = await openState(
    { directory: config.dataDirectory, inboxLimits: config.inbox },
    die,
  ).catch((error: unknown) => {
    // What its thread throws is a bug; everything else is about the folder.
    throw error instanceof ThreadError ? error : ConfigError.from(error);
  });
  if (replaced !== null) logger.warn('state file put aside and begun anew', { 'event.reason': replaced });

  const speed = Number((await state.call('setting', SPEED_SETTING)) ?? 1);
  const silences = telemetry.counter(METRICS.deadmansswitch_silences_total);
  const memory = await readMemory(state);
  silences.inc(memory.silences);
  const watchdog = new WatchdogSwitch({
    intervalSeconds: config.watchdogIntervalSeconds,
    speed,
    memory,
    save: saveMemory(state, logger),
    onSilence: () => silences.inc(),
    logger,
  });
  telemetry.gauge(METRICS.deadmansswitch_last_seen_timestamp_seconds, (gauge) =>
    gauge.set(watchdog.lastSeenSeconds()),
  );

  const signals =
    config.signals &&
    (await openSignalServices({ config, signals: config.signals, telemetry, onDeath: die }));
  const experiments = experimentRoutes({ state, telemetry, labToken: config.labToken });
  await experiments.refresh();
  const faults = createFaults({ telemetry, ...config.faults });
  const app = createApp({
    config,
    telemetry,
    state,
    signals: signals && { query: signals.store.query, tails: signals.tails },
    watchdog,
    experiments: experiments.router,
    speed,
    pages: join(import.meta.dirname, '..', 'dist'),
    faults,
  });
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 60_000 }, app);
  const management = createManagementServer({
    telemetry,
    ...config.management,
    faults,
    readiness: { state: () => state.call('setting', SPEED_SETTING) },
  });

  const timers = [
    setInterval(() => watchdog.check(), CHECK_EVERY_MS),
    setInterval(() => {
      // Only the gauge is at stake; the next time will do.
      experiments.refresh().catch((error) => logger.warn('running experiments cannot be read', { error }));
    }, REFRESH_EVERY_MS),
  ];
  gracefulShutdown({
    logger,
    drainSeconds: config.drainSeconds,
    steps: [
      { name: 'readiness off', run: () => management.setReady(false) },
      { name: 'timers', run: () => timers.forEach(clearInterval) },
      { name: 'live tails', run: () => signals?.tails.close() },
      { name: 'requests in flight', run: () => closeHttpServer(server) },
      { name: 'OTLP intake', run: () => signals?.close() },
      { name: 'state', run: () => state.close() },
      { name: 'data folder', run: release },
      { name: 'management listener', run: () => management.close() },
      { name: 'telemetry', run: () => telemetry.shutdown() },
    ],
  });

  const port = await listen(server, config.host, config.port);
  const managementPort = await management.listen();
  const otlpPort = await signals?.listen();
  logger.info('lab-console listens', {
    'event.action': 'started',
    'server.address': config.host,
    'server.port': port,
    'labels.management_port': managementPort,
    'labels.mode': config.mode,
    ...(otlpPort === undefined ? {} : { 'labels.otlp_port': otlpPort }),
  });
});
