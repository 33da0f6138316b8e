/**
 * What the API asks of its instrumentation, so that it also runs without any (the bare variant of the benchmark).
 * `telemetry.ts` fills it in.
 */
import type { RequestHandler } from 'express';
import type pg from 'pg';
import type { JobTrace } from './contract/jobs.ts';

export type LogFields = Readonly<Record<string, unknown>>;

export interface Log {
  error(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  debug(message: string, fields?: LogFields): void;
}

export interface Observability {
  log: Log;
  /** The logger of the request being handled, else `log`. */
  requestLog(): Log;
  /** Handlers ahead of everything else. */
  middleware: readonly RequestHandler[];
  /** Wraps the pool before its first use. */
  instrumentPool(pool: pg.Pool): pg.Pool;
  /** Trace context for a job; undefined outside of a trace. */
  jobTrace(): JobTrace | undefined;
  /** Told how many sessions there are; undefined: not known at the moment. */
  activeSessions(count: number | undefined): void;
}

const nothing = () => {};
const silent: Log = { error: nothing, warn: nothing, info: nothing, debug: nothing };

/** No instrumentation at all. */
export const UNOBSERVED: Observability = {
  log: silent,
  requestLog: () => silent,
  middleware: [],
  instrumentPool: (pool) => pool,
  jobTrace: () => undefined,
  activeSessions: nothing,
};
