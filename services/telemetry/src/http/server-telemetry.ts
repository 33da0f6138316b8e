import type { RequestHandler } from 'express';
import type { Telemetry } from '../telemetry.ts';
import type { HttpServerTelemetryOptions } from './types.ts';

/**
 * Express 5 middleware, the first of the chain: span `METHOD /route/template`, metrics, one access line, `x-request-id`,
 * request-scoped logger. Never throws, never alters the answer apart from the header `x-request-id`.
 */
export function httpServerTelemetry(_options: HttpServerTelemetryOptions): RequestHandler {
  return (_request, _response, next) => next();
}

/** Starts the series of known routes at 0, so that the first error is an increase. `route` is the full mounted template. */
export function declareRoutes(
  _telemetry: Telemetry,
  _routes: readonly { method: string; route: string; statusCodes?: readonly number[] }[],
): void {}
