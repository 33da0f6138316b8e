/**
 * taskmanager-web: serves the browser app, passes `/api` on, takes in browser telemetry. Started as
 * `node --import @lab/telemetry/register src/main.ts`.
 */
import { createServer } from 'node:http';
import { listen, runProgram } from '@lab/kit';
import {
  closeHttpServer,
  createFaults,
  createManagementServer,
  createTelemetry,
  gracefulShutdown,
} from '@lab/telemetry';
import { readAssetFolder } from './server/assets/asset-folder.ts';
import { readConfig } from './server/config.ts';
import { createApp } from './server/create-app.ts';
import { createSpanForwarder } from './server/intake/span-forwarder.ts';
import { createApiProxy } from './server/proxy/api-proxy.ts';

await runProgram('taskmanager-web', async () => {
  const config = readConfig(process.env);
  const assets = readAssetFolder(config.assetsFolder);
  const telemetry = createTelemetry({ service: config.service, log: config.log });
  const { logger } = telemetry;
  const faults = createFaults({ telemetry, ...config.faults });
  const proxy = createApiProxy({ apiUrl: config.apiUrl });
  const spans = createSpanForwarder({ logger, service: config.service, endpoint: config.otlpEndpoint });
  const app = createApp({
    telemetry,
    assets,
    proxy,
    spans,
    // Without a place to send them to, spans are not worth the browser's while.
    sampleRatio: config.otlpEndpoint ? config.sampleRatio : 0,
    trustedProxies: config.trustedProxies,
    intakeRate: config.intakeRate,
    faults,
  });
  // Kept open longer than clients keep idle connections: one that we close first takes the request with it that is on its way.
  const server = createServer(
    { headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 65_000 },
    app,
  );
  const management = createManagementServer({ telemetry, ...config.management, faults });

  gracefulShutdown({
    logger,
    drainSeconds: config.drainSeconds,
    steps: [
      { name: 'readiness off', run: () => management.setReady(false) },
      { name: 'requests in flight', run: () => closeHttpServer(server, config.keepAliveGraceMs) },
      { name: 'connections to the API', run: () => proxy.close() },
      { name: 'spans of browsers', run: () => spans.close() },
      { name: 'management listener', run: () => management.close() },
      { name: 'telemetry', run: () => telemetry.shutdown() },
    ],
  });

  const port = await listen(server, config.host, config.port);
  const managementPort = await management.listen();
  logger.info('taskmanager-web listens', {
    'event.action': 'started',
    'server.address': config.host,
    'server.port': port,
    'labels.management_port': managementPort,
    'labels.api_url': config.apiUrl.origin,
  });
});
