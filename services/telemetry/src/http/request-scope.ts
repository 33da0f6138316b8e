import type { IncomingMessage } from 'node:http';
import { context, createContextKey } from '@opentelemetry/api';
import { AsyncLocalStorageContextManager } from '@opentelemetry/context-async-hooks';
import type { Logger } from '../logging/types.ts';

/** What is known where a request or a job is being handled; reached through the active OpenTelemetry context. */
export interface ActiveScope {
  readonly requestId: string | undefined;
  /** Adds `http.request.id`, `trace.id` and `span.id` to each record. */
  readonly logger: Logger;
}

export const SCOPE_KEY = createContextKey('@lab/telemetry scope');
let root: Logger | undefined;
const names = new WeakMap<IncomingMessage, string>();

/** The logger that `requestLogger` falls back to; the first one stays. */
export function setRootLogger(logger: Logger): void {
  root ??= logger;
}

/** The logger of the process's first telemetry. */
export function rootLogger(): Logger | undefined {
  return root;
}

/** Without the SDK there is no context manager, and request-scoped loggers would have nothing to travel in. */
export function ensureContextManager(): void {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
}

export function activeScope(): ActiveScope | undefined {
  return context.active().getValue(SCOPE_KEY) as ActiveScope | undefined;
}

/**
 * The logger of the request or job being handled, else `fallback`, else the one of the process's first telemetry.
 * @throws Error when there is none of these: nothing called `createTelemetry` yet.
 */
export function requestLogger(fallback?: Logger): Logger {
  const logger = activeScope()?.logger ?? fallback ?? root;
  if (logger === undefined)
    throw new Error('expected a logger: call createTelemetry first, or give a fallback');
  return logger;
}

/** The id of the request being handled; undefined outside of one. */
export function requestId(): string | undefined {
  return activeScope()?.requestId;
}

/** Names the route of a request that Express does not route: a proxy, static files. `route` must come from a fixed set. */
export function nameRoute(request: IncomingMessage, route: string): void {
  names.set(request, route);
}

export function namedRoute(request: IncomingMessage): string | undefined {
  return names.get(request);
}
