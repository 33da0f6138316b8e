import type { IncomingMessage } from 'node:http';
import type { Logger } from '../logging/types.ts';

/** The logger of the request being handled, else `fallback`, else one that the first `createTelemetry` made. */
export function requestLogger(fallback?: Logger): Logger {
  if (fallback === undefined) throw new Error('expected a request, or a fallback');
  return fallback;
}

/** The id of the request being handled; undefined outside of one. */
export function requestId(): string | undefined {
  return undefined;
}

/** Names the route of a request that Express does not route: a proxy, static files. `route` must come from a fixed set. */
export function nameRoute(_request: IncomingMessage, _route: string): void {}
