import express, { type Express, type RequestHandler } from 'express';
import helmet from 'helmet';
import { API_PREFIX } from '../contract/http.ts';
import type { Observability } from '../observability.ts';
import { csrfDefence } from './csrf.ts';
import { errorHandler, notFound } from './error-handler.ts';
import { describeApi } from './openapi.ts';
import { type Route, route } from './route.ts';
import { createRouter } from './router.ts';

export interface AppOptions {
  routes: readonly Route[];
  session: RequestHandler;
  observability: Observability;
  publicOrigin?: string | undefined;
  /** Of the API, as its description says it. */
  version: string;
}

/** The Express application: the chain that every request goes through, top to bottom. */
export function createExpressApp(options: AppOptions): { app: Express; routes: readonly Route[] } {
  const { session, observability, publicOrigin, version } = options;
  const app = express();
  app.disable('x-powered-by');
  // Tags come from versions; hashing each body would cost more than it saves.
  app.disable('etag');
  app.set('query parser', 'simple');
  // One proxy of ours (web) is in front: it says who the client is, and nobody before it is believed.
  app.set('trust proxy', 1);

  for (const handler of observability.middleware) app.use(handler);
  app.use(securityHeaders(publicOrigin));
  app.use(csrfDefence({ publicOrigin }));
  const routes = [...options.routes, describing(options.routes, version)];
  app.use(API_PREFIX, createRouter(routes, session));
  app.use(notFound);
  app.use(errorHandler(observability.requestLog));
  return { app, routes };
}

/** Answers are data: no browser may run, frame or sniff anything in them. */
function securityHeaders(publicOrigin: string | undefined): RequestHandler {
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] },
    },
    strictTransportSecurity: publicOrigin?.startsWith('https:') ?? false,
  });
}

function describing(routes: readonly Route[], version: string): Route {
  const self = route({
    method: 'get',
    path: '/openapi.json',
    summary: 'This description',
    access: 'public',
    replies: { 200: { description: 'OpenAPI 3.1' } },
    handle: async () => ({ status: 200, body: document }),
  });
  const document = describeApi([...routes, self], version);
  return self;
}
