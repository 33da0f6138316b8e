/** Puts the server's parts in their order. */
import { pageHeaders } from '@lab/kit';
import { declareRoutes, type FaultController, httpServerTelemetry, type Telemetry } from '@lab/telemetry';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { INTAKE_PATHS } from '../shared/intake.ts';
import type { AssetFolder } from './assets/asset-folder.ts';
import { serveAssets } from './assets/serve-assets.ts';
import { servePages } from './assets/serve-pages.ts';
import { createBrowserIntake } from './intake/browser-intake.ts';
import type { SpanForwarder } from './intake/span-forwarder.ts';
import { sendProblem } from './problem.ts';
import type { ApiProxy } from './proxy/api-proxy.ts';
import { ROUTES } from './routes.ts';

export interface AppOptions {
  telemetry: Telemetry;
  assets: AssetFolder;
  proxy: ApiProxy;
  spans: SpanForwarder;
  sampleRatio: number;
  trustedProxies: number;
  intakeRate: number;
  faults?: FaultController;
}

export function createApp(options: AppOptions): Express {
  const { telemetry, assets, proxy, spans, sampleRatio, trustedProxies, intakeRate, faults } = options;
  declareRoutes(telemetry, [
    { method: 'GET', route: ROUTES.pages },
    { method: 'GET', route: ROUTES.assets },
    { method: 'GET', route: ROUTES.api },
    { method: 'POST', route: ROUTES.api },
    ...Object.values(INTAKE_PATHS).map((route) => ({ method: 'POST', route })),
  ]);

  const app = express();
  app.disable('x-powered-by');
  app.enable('case sensitive routing');
  app.set('trust proxy', trustedProxies);

  app.use(httpServerTelemetry({ telemetry, trustedProxies }));
  if (faults) app.use(faults.middleware());
  // Ahead of the headers for this server's own answers: the API brings its own.
  app.use('/api', proxy.handler);
  app.use(pageHeaders());
  app.use(createBrowserIntake({ telemetry, spans, rate: intakeRate }));
  app.use(serveAssets(assets));
  app.use(servePages({ indexHtml: assets.indexHtml, sampleRatio }));
  app.use((request, response) => sendProblem(request, response, 'not_found'));
  app.use(failed);
  return app;
}

const failed: ErrorRequestHandler = (error, request, response, _next) => {
  request.log.error('A request failed', { 'event.action': 'request-failure', error });
  if (response.headersSent) response.destroy();
  else sendProblem(request, response, 'internal');
};
