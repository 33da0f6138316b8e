/** Puts the server's parts in their order. */
import { pageHeaders } from '@lab/kit';
import { declareRoutes, type FaultController, httpServerTelemetry, type Telemetry } from '@lab/telemetry';
import express, { type Express } from 'express';
import type { QueryStore, StateStore } from '../store/index.ts';
import { alertmanagerRoutes } from './alertmanager/routes.ts';
import { alertRoutes } from './alerts/routes.ts';
import { ASSET_ROUTE, PAGE_ROUTE, serveApp } from './assets/serve-app.ts';
import type { ConsoleConfig } from './config.ts';
import { DashboardFolder } from './dashboards/dashboard-folder.ts';
import { dashboardRoutes } from './dashboards/routes.ts';
import type { WatchdogSwitch } from './dead-mans-switch/dead-mans-switch.ts';
import { watchdogRoutes } from './dead-mans-switch/routes.ts';
import { answerErrors, HttpProblem, notFound } from './http/problem.ts';
import type { Upstream } from './http/upstream.ts';
import { inboxRoutes } from './inbox/routes.ts';
import { elsewhere } from './lab/links.ts';
import { labRoutes } from './lab/routes.ts';
import type { LogTails } from './logs/log-tails.ts';
import { logRoutes } from './logs/routes.ts';
import { overviewRoutes } from './overview/routes.ts';
import { prometheusRoutes } from './prometheus/proxy-routes.ts';
import { PrometheusQueries } from './prometheus/queries.ts';
import { rehearsalRoutes } from './rehearsal/routes.ts';
import { runbookRoutes } from './runbooks/routes.ts';
import { RunbookFolder } from './runbooks/runbook-folder.ts';
import { traceRoutes } from './traces/routes.ts';

export interface AppOptions {
  config: ConsoleConfig;
  telemetry: Telemetry;
  state: StateStore;
  /** Undefined where others keep them. */
  signals: { query: QueryStore; tails: LogTails } | undefined;
  watchdog: WatchdogSwitch;
  experiments: express.Router;
  /** Time scale as it was kept. */
  speed: number;
  /** Folder of the built pages. */
  pages: string;
  faults?: FaultController;
}

/** Long enough for a person's query, short enough to say so. */
const PROXY_TIMEOUT_MS = 30_000;
const STATUS_TIMEOUT_MS = 4000;
const MAX_ANSWER_BYTES = 32 * 1024 * 1024;
const SIGNAL_PATHS = ['/api/logs', '/api/traces', '/api/services', '/api/service-graph'];

export function createApp(options: AppOptions): Express {
  const { config, telemetry, state, signals, watchdog, experiments, speed, pages, faults } = options;
  declareRoutes(telemetry, [
    { method: 'GET', route: PAGE_ROUTE },
    { method: 'GET', route: ASSET_ROUTE },
    { method: 'GET', route: '/api/overview' },
    { method: 'POST', route: '/hooks/slack/:channel' },
    { method: 'POST', route: '/hooks/watchdog' },
  ]);
  const upstream = (name: string, url: URL, timeoutMs: number): Upstream => ({
    name,
    url,
    timeoutMs,
    maxBytes: MAX_ANSWER_BYTES,
  });
  const prometheus = upstream('Prometheus', config.prometheusUrl, STATUS_TIMEOUT_MS);
  const alertmanager = upstream('Alertmanager', config.alertmanagerUrl, STATUS_TIMEOUT_MS);
  const queries = new PrometheusQueries(prometheus);
  const runbooks = new RunbookFolder(config.runbooksDirectory);

  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.enable('case sensitive routing');
  app.use(httpServerTelemetry({ telemetry }));
  if (faults) app.use(faults.middleware());
  app.use(pageHeaders());
  app.use('/api', (_request, response, next) => {
    response.set('Cache-Control', 'no-store');
    next();
  });

  app.use(labRoutes({ config, state, watchdog, speed }));
  app.use(overviewRoutes({ queries, prometheus, alertmanager, runbooks, partsFile: config.partsFile }));
  app.use(alertRoutes({ prometheus: queries, alertmanager, runbooks }));
  app.use(alertmanagerRoutes(alertmanager));
  app.use(prometheusRoutes(upstream('Prometheus', config.prometheusUrl, PROXY_TIMEOUT_MS)));
  app.use(inboxRoutes({ state, telemetry }));
  app.use(watchdogRoutes(watchdog));
  app.use(experiments);
  app.use(dashboardRoutes(new DashboardFolder(config.dashboardsDirectory)));
  app.use(runbookRoutes(runbooks));
  app.use(rehearsalRoutes(config.rehearsalDirectory));
  if (signals) {
    app.use(logRoutes({ store: signals.query, tails: signals.tails }));
    app.use(traceRoutes({ store: signals.query }));
  } else {
    app.use(SIGNAL_PATHS, () => {
      throw new HttpProblem(
        404,
        `in ${config.mode} mode logs and traces are in stores of their own; the console keeps neither`,
      );
    });
    app.use((request, response, next) => {
      const url =
        request.method === 'GET'
          ? elsewhere(request.path, new URL(request.originalUrl, 'http://console').search, config.viewers)
          : undefined;
      if (url === undefined) next();
      else response.redirect(302, url);
    });
  }
  app.use(serveApp(pages));
  app.use(notFound);
  app.use(answerErrors);
  return app;
}
