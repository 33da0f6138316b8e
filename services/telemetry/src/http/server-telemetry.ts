import type { IncomingMessage, ServerResponse } from 'node:http';
import { type Context, context, trace } from '@opentelemetry/api';
import type { NextFunction, Request, RequestHandler, Response } from 'express';
import type { Logger } from '../logging/types.ts';
import type { FastLogger } from '../logging/winston-logger.ts';
import type { Telemetry } from '../telemetry.ts';
import { accessFields } from './access-line.ts';
import { type HttpMetrics, httpMetrics, methodLabel } from './http-metrics.ts';
import { RequestRecord } from './request-record.ts';
import { ensureContextManager, namedRoute, SCOPE_KEY, setRootLogger } from './request-scope.ts';
import { type RoutedRequest, type RouterLike, routeTemplate } from './route-template.ts';
import { endServerSpan, incomingContext, startServerSpan } from './server-span.ts';
import type { HttpServerTelemetryOptions } from './types.ts';

/** nginx's number for a client that went away before the answer was complete. */
const CLIENT_CLOSED_REQUEST = 499;
const RECORD = Symbol('@lab/telemetry request');

interface Observed extends IncomingMessage {
  [RECORD]?: RequestRecord;
}

/**
 * Express 5 middleware, the first of the chain: span `METHOD /route/template`, metrics, one access line, `x-request-id`,
 * request-scoped logger. Never throws, never alters the answer apart from the header `x-request-id`.
 */
export function httpServerTelemetry(options: HttpServerTelemetryOptions): RequestHandler {
  const { telemetry, trustedProxies = 0, ignore } = options;
  const observer = new Observer(telemetry);
  return function observeRequest(request: Request, response: Response, next: NextFunction): void {
    let active: Context | undefined;
    try {
      if (!ignore?.(request)) active = observer.begin(request, response, trustedProxies);
    } catch (error) {
      telemetry.internalError('http_server', error);
    }
    if (active === undefined) {
      next();
      return;
    }
    let entered = false;
    try {
      context.with(active, () => {
        entered = true;
        next();
      });
    } catch (error) {
      // What `next` throws is the application's.
      if (entered) throw error;
      telemetry.internalError('http_server', error);
      next();
    }
  };
}

/** Both ends of a request. One listener serves all requests; what differs is kept on the request. */
class Observer {
  readonly #telemetry: Telemetry;
  readonly #logger: FastLogger;
  readonly #metrics: HttpMetrics;
  readonly #tracer = trace.getTracer('@lab/telemetry');
  readonly #onClose: (this: ServerResponse) => void;
  #router: RouterLike | undefined;

  constructor(telemetry: Telemetry) {
    this.#telemetry = telemetry;
    this.#logger = telemetry.logger as FastLogger;
    this.#metrics = httpMetrics(telemetry);
    ensureContextManager();
    setRootLogger(telemetry.logger);
    const observer = this;
    this.#onClose = function onClose() {
      observer.#end(this.req, this);
    };
  }

  /** @returns the context in which the request is to be handled. */
  begin(request: Request & Observed, response: Response, trustedProxies: number): Context {
    const record = new RequestRecord(this.#telemetry, request, trustedProxies);
    request[RECORD] = record;
    this.#metrics.inFlight += 1;
    response.on('close', this.#onClose);
    request.requestId = record.requestId;
    response.setHeader('x-request-id', record.requestId);
    this.#router ??= request.app?.router as unknown as RouterLike | undefined;
    offerLogger(request);
    let parent = context.active();
    try {
      parent = incomingContext(request);
      record.span = startServerSpan(this.#tracer, request, parent, record);
    } catch (error) {
      this.#telemetry.internalError('http_span', error);
    }
    return trace.setSpan(parent, record.span).setValue(SCOPE_KEY, record);
  }

  #end(request: Observed, response: ServerResponse): void {
    const record = request[RECORD];
    if (record === undefined) return;
    const durationMs = performance.now() - record.startedAt;
    const statusCode = outcomeOf(response);
    const method = methodLabel(request.method);
    let route = 'unmatched';
    this.#metrics.inFlight -= 1;
    try {
      route = namedRoute(request) ?? routeTemplate(request as RoutedRequest, this.#router);
      this.#metrics.series(method, route, statusCode).observe(durationMs / 1000, record.sampledTraceId);
    } catch (error) {
      this.#telemetry.internalError('http_metrics', error);
    }
    try {
      const level = statusCode >= 500 ? 'error' : 'info';
      if (this.#logger.isLevelEnabled(level)) {
        const durationNanoseconds = Math.round(durationMs * 1e6);
        const outcome = { method, route, statusCode, durationNanoseconds };
        const fields = accessFields(request, response, record, outcome);
        this.#logger.ready(level, JSON.stringify(`${method} ${route} ${statusCode}`), fields);
      }
    } catch (error) {
      this.#telemetry.internalError('http_log', error);
    }
    try {
      endServerSpan(record.span, method, route, response, statusCode);
    } catch (error) {
      this.#telemetry.internalError('http_span', error);
    }
  }
}

/** An answer cut off with an error failed here, whatever its first line promised; cut off without one, the client left. */
function outcomeOf(response: ServerResponse): number {
  if (response.writableFinished) return response.statusCode;
  return response.errored ? Math.max(response.statusCode, 500) : CLIENT_CLOSED_REQUEST;
}

const offered = new WeakSet<object>();

/** `request.log`, as a getter on the application's own request prototype (Express makes one a app): costs nothing until used. */
function offerLogger(request: Request): void {
  const prototype = Object.getPrototypeOf(request) as object;
  if (offered.has(prototype)) return;
  offered.add(prototype);
  Object.defineProperty(prototype, 'log', {
    configurable: true,
    get(this: Observed): Logger | undefined {
      return this[RECORD]?.logger;
    },
    set(this: Observed, value: unknown) {
      // An application that brings its own keeps it.
      Object.defineProperty(this, 'log', { value, configurable: true, writable: true });
    },
  });
}
