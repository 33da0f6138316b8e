import { readFile } from 'node:fs/promises';
import { createServer, type RequestListener, type Server } from 'node:http';
import { join } from 'node:path';
import { listen } from '@lab/kit';
import { createTelemetry, type Telemetry } from '@lab/telemetry';
import { eventually, temporaryFolder } from '@lab/testing';
import { readAssetFolder } from '../../src/server/assets/asset-folder.ts';
import { createApp } from '../../src/server/create-app.ts';
import { createSpanForwarder } from '../../src/server/intake/span-forwarder.ts';
import { createApiProxy } from '../../src/server/proxy/api-proxy.ts';
import { writeBuiltApp } from './asset-fixture.ts';

export interface WebServerOptions {
  apiUrl?: string;
  otlpUrl?: string;
  sampleRatio?: number;
  intakeRate?: number;
  trustedProxies?: number;
  answerTimeout?: number;
}

export interface WebServer extends AsyncDisposable {
  url: string;
  port: number;
  telemetry: Telemetry;
  metrics(): Promise<string>;
  /** Waits for a log record that `matches`. */
  logged(matches: (line: Record<string, unknown>) => boolean): Promise<Record<string, unknown>>;
  logLines(): Promise<Record<string, unknown>[]>;
}

/** The real server on a free port, with a tiny built app and nobody behind it unless the test says so. */
export async function startWebServer(options: WebServerOptions = {}): Promise<WebServer> {
  const folder = await temporaryFolder();
  const dist = join(folder.path, 'dist');
  const logFile = join(folder.path, 'web.log');
  await writeBuiltApp(dist);
  const service = { name: 'taskmanager-web', version: '1.2.3', instanceId: 'one', environment: 'test' };
  const telemetry = createTelemetry({
    service,
    log: { stdout: false, file: logFile },
    defaultMetrics: false,
  });
  const proxy = createApiProxy({
    apiUrl: new URL(options.apiUrl ?? 'http://127.0.0.1:9'),
    ...(options.answerTimeout ? { answerTimeout: options.answerTimeout } : {}),
  });
  const spans = createSpanForwarder({
    logger: telemetry.logger,
    service,
    endpoint: options.otlpUrl ? new URL(options.otlpUrl) : undefined,
    interval: 10,
  });
  const app = createApp({
    telemetry,
    assets: readAssetFolder(dist),
    proxy,
    spans,
    sampleRatio: options.sampleRatio ?? 1,
    trustedProxies: options.trustedProxies ?? 0,
    intakeRate: options.intakeRate ?? 10_000,
  });
  const server = createServer(app);
  const port = await listen(server, '127.0.0.1', 0);
  const logLines = async () => {
    const text = await readFile(logFile, 'utf8').catch(() => '');
    const complete = text.slice(0, text.lastIndexOf('\n') + 1);
    return complete
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  };
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    telemetry,
    metrics: () => telemetry.registry.metrics(),
    logLines,
    logged: (matches) => eventually('a log line', async () => (await logLines()).find(matches)),
    async [Symbol.asyncDispose]() {
      await stop(server);
      await proxy.close();
      await spans.close();
      await telemetry.shutdown();
      await folder[Symbol.asyncDispose]();
    },
  };
}

export interface Upstream extends AsyncDisposable {
  url: string;
  server: Server;
}

/** A real HTTP server to stand behind the proxy. */
export async function startUpstream(listener: RequestListener): Promise<Upstream> {
  const server = createServer(listener);
  const port = await listen(server, '127.0.0.1', 0);
  return { url: `http://127.0.0.1:${port}`, server, [Symbol.asyncDispose]: () => stop(server) };
}

function stop(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeAllConnections();
  });
}
