import type { IncomingMessage } from 'node:http';
import type { Context, Span } from '@opentelemetry/api';
import type { Logger } from '../logging/types.ts';
import type { Telemetry } from '../telemetry.ts';

export interface HttpServerTelemetryOptions {
  telemetry: Telemetry;
  /** Take `client.ip` from X-Forwarded-For, whose last N entries were added by proxies of ours. Default 0: the socket's address. */
  trustedProxies?: number;
  /** Requests that get no span, metric or access line. Default: none. */
  ignore?: (request: IncomingMessage) => boolean;
}

/** What is known about the request being handled; reached through AsyncLocalStorage. */
export interface RequestScope {
  /** Taken over from `x-request-id` when sane, else a new UUID; also returned to the client. */
  readonly requestId: string;
  readonly span: Span;
  readonly context: Context;
  /** Adds `http.request.id`, `trace.id` and `span.id` to each record. */
  readonly logger: Logger;
  /** Label and span name; set by `nameRoute` where no Express route says it. */
  route: string | undefined;
}

declare module 'express-serve-static-core' {
  interface Request {
    /** The request-scoped logger; there behind `httpServerTelemetry`. */
    log: Logger;
    /** The id that the answer carries as `x-request-id`; there behind `httpServerTelemetry`. */
    requestId: string;
  }
}
