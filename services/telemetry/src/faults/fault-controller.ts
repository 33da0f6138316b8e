import type { RequestHandler } from 'express';
import type { Telemetry } from '../telemetry.ts';

/** A fault to switch on; each expires `ttlSeconds` (1..3600) after it was set. `route`: full template, default every route. */
export type Fault =
  | { fault: 'error'; ratio: number; statusCode?: number; route?: string; ttlSeconds: number }
  | { fault: 'latency'; milliseconds: number; route?: string; ttlSeconds: number }
  | { fault: 'event_loop'; millisecondsPerSecond: number; route?: string; ttlSeconds: number }
  | {
      fault: 'memory';
      megabytesPerSecond: number;
      maxMegabytes?: number;
      route?: string;
      ttlSeconds: number;
    };

export interface FaultOptions {
  telemetry: Telemetry;
  /** FAULTS_ENABLED. False: `/faults` answers 404 and the middleware does nothing. */
  enabled: boolean;
  /** FAULTS_TOKEN: bearer token of the management endpoint. Required when enabled, at least 16 characters. */
  token?: string | undefined;
}

export interface FaultController {
  readonly enabled: boolean;
  /** Express middleware, right behind `httpServerTelemetry`. */
  middleware(): RequestHandler;
  /** Replaces a fault of the same kind and route. @throws FaultError (field, expected) on invalid input. */
  set(fault: unknown): Fault & { expiresAt: string };
  active(): (Fault & { expiresAt: string })[];
  clear(): void;
  /** True when `Authorization` carries the token; compared in constant time. */
  authorizes(authorization: string | undefined): boolean;
}

export function createFaults(_options: FaultOptions): FaultController {
  throw new Error('not built yet');
}
