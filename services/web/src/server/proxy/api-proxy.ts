/**
 * Passes `/api` on to taskmanager-api: bodies stream both ways, a client that leaves ends the request behind, and an
 * API that is gone is an answer within two seconds.
 */
import { Readable } from 'node:stream';
import { nameRoute, type OutgoingCall, startClientSpan } from '@lab/telemetry';
import type { Request, RequestHandler, Response } from 'express';
import { type Dispatcher, Pool } from 'undici';
import { sendProblem } from '../problem.ts';
import { ROUTES } from '../routes.ts';
import { isBrokenConnection, problemOf } from './proxy-errors.ts';
import { requestHeaders, responseHeaders } from './proxy-headers.ts';
import { relay } from './relay.ts';

export interface ApiProxyOptions {
  apiUrl: URL;
  /** Milliseconds until an API that takes the connection but says nothing has failed. Default 30 s. */
  answerTimeout?: number;
}

export interface ApiProxy {
  handler: RequestHandler;
  /** Closes the connections to the API, once nothing is under way. */
  close(): Promise<void>;
}

/** Milliseconds; undici is up to half a second late, and all of it has to fit into two. */
const CONNECT_TIMEOUT = 800;
/** Connections to the API: more requests than that wait here. */
const CONNECTIONS = 256;

export function createApiProxy({ apiUrl, answerTimeout = 30_000 }: ApiProxyOptions): ApiProxy {
  const pool = new Pool(apiUrl.origin, {
    connections: CONNECTIONS,
    connect: { timeout: CONNECT_TIMEOUT },
    headersTimeout: answerTimeout,
    bodyTimeout: answerTimeout,
  });

  async function exchange(request: Request, response: Response, call: OutgoingCall): Promise<void> {
    const hasBody = carriesBody(request);
    const attempt = () =>
      relay({
        dispatcher: pool,
        request: {
          method: request.method as Dispatcher.HttpMethod,
          path: request.originalUrl,
          headers: requestHeaders(
            request.headers,
            { for: request.ip ?? '', host: request.host ?? '', proto: request.protocol },
            { 'x-request-id': request.requestId, ...call.headers },
          ),
          body: hasBody ? bodyOf(request) : null,
        },
        response,
        headers: responseHeaders,
      });
    try {
      await attempt();
    } catch (error) {
      // The API closed an idle connection while this request was on its way to it; a new one tells the truth.
      const repeatable = !hasBody && (request.method === 'GET' || request.method === 'HEAD');
      if (!repeatable || response.headersSent || !isBrokenConnection(error)) throw error;
      await attempt();
    }
  }

  async function forward(request: Request, response: Response): Promise<void> {
    const call = startClientSpan({ method: request.method, url: apiUrl.origin + request.originalUrl });
    try {
      await exchange(request, response, call);
      call.end({ statusCode: response.statusCode });
    } catch (error) {
      call.end({ error });
      if (!response.closed) answerFailure(request, response, error);
    }
  }

  return {
    handler: (request, response, next) => {
      // Express also matches an absolute-form target by its path; that is for forward proxies, which this is not.
      if (!request.originalUrl.startsWith('/api')) {
        sendProblem(request, response, 'invalid', { detail: 'expected a request target that is a path' });
        return;
      }
      nameRoute(request, ROUTES.api);
      forward(request, response).catch(next);
    },
    close: () => pool.close(),
  };
}

function answerFailure(request: Request, response: Response, error: unknown): void {
  const { code, detail } = problemOf(error);
  request.log.warn('The API could not be asked', { 'event.action': 'proxy-failure', error });
  // Half an answer cannot be taken back; cutting the connection is how the client learns that it is only half.
  if (response.headersSent) response.destroy(error instanceof Error ? error : new Error(detail));
  else
    sendProblem(request, response, code, {
      detail,
      ...(code === 'api_failed' ? {} : { retryAfterSeconds: 1 }),
    });
}

/** Not the request itself: undici takes the socket off an incoming message that it is done with, and Node still needs it. */
function bodyOf(request: Request): Readable {
  return Readable.from(request.iterator({ destroyOnReturn: false }), { objectMode: false });
}

function carriesBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}
