import type { IncomingMessage } from 'node:http';
import type { Logger } from '../logging/types.ts';
import type { Telemetry } from '../telemetry.ts';

export interface HttpServerTelemetryOptions {
  telemetry: Telemetry;
  /** How many proxies of ours stand in front: that many entries of X-Forwarded-For are trusted, from its end. Default 0: the socket's address. */
  trustedProxies?: number;
  /** Requests that get no span, metric or access line. Default: none. */
  ignore?: (request: IncomingMessage) => boolean;
}

declare module 'express-serve-static-core' {
  interface Request {
    /** The request-scoped logger; there behind `httpServerTelemetry`. */
    log: Logger;
    /** The id that the answer carries as `x-request-id`; there behind `httpServerTelemetry`. */
    requestId: string;
  }
}
