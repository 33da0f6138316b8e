import { context, trace } from '@opentelemetry/api';
import type pg from 'pg';
import { DATABASE_OPERATIONS, METRICS } from '../metric-definitions.ts';
import type { HistogramChild } from '../metrics/lean-histogram.ts';
import type { Telemetry } from '../telemetry.ts';
import { preciseNow } from '../tracing/precise-start.ts';
import {
  type ConnectionAttributes,
  connectionAttributes,
  endDatabaseSpan,
  startDatabaseSpan,
} from './database-span.ts';
import { describeStatement } from './statement.ts';

/** Waits for a connection that are worth a span of their own, ms. */
const NOTABLE_WAIT_MS = 5;

type Callback = (error: Error | null | undefined, ...rest: unknown[]) => void;
type AnyFunction = (...parameters: unknown[]) => unknown;

/**
 * Measures every statement on a pool's connections (`pool.query`, clients of `pool.connect()`; promise or callback) and the waiting
 * for a connection, and shows the pool's state at each scrape. Returns the same pool. Call it before the first query.
 *
 * One place serves all: `pool.query` takes a client by `pool.connect` and calls its `query`, so these two are wrapped, on this pool and
 * its clients only. What they return and throw is passed through untouched.
 */
export function instrumentPool<P extends pg.Pool>(pool: P, telemetry: Telemetry): P {
  const observer = new DatabaseObserver(pool, telemetry);
  observePoolState(pool, telemetry);
  pool.on('connect', (client) => observer.observeClient(client));
  observer.observeConnect();
  return pool;
}

function observePoolState(pool: pg.Pool, telemetry: Telemetry): void {
  telemetry.gauge(METRICS.db_pool_connections, (gauge) => {
    gauge.set({ state: 'idle' }, pool.idleCount);
    gauge.set({ state: 'active' }, pool.totalCount - pool.idleCount);
    gauge.set({ state: 'waiting' }, pool.waitingCount);
    gauge.set({ state: 'max' }, pool.options.max ?? 10);
  });
}

class DatabaseObserver {
  readonly #pool: pg.Pool;
  readonly #telemetry: Telemetry;
  readonly #tracer = trace.getTracer('@lab/telemetry');
  readonly #attributes: ConnectionAttributes;
  readonly #succeeded = new Map<string, HistogramChild>();
  readonly #failed = new Map<string, HistogramChild>();

  constructor(pool: pg.Pool, telemetry: Telemetry) {
    this.#pool = pool;
    this.#telemetry = telemetry;
    this.#attributes = connectionAttributes(pool.options);
    const durations = telemetry.histogram(METRICS.database_operation_duration_seconds);
    for (const operation of DATABASE_OPERATIONS) {
      this.#succeeded.set(operation, durations.child({ operation, success: 'true' }));
      this.#failed.set(operation, durations.child({ operation, success: 'false' }));
    }
  }

  /** An idle connection costs nothing to take; waiting for one, or making one, is measured as operation `connect`. */
  observeConnect(): void {
    const pool = this.#pool as unknown as { connect: AnyFunction };
    const original = pool.connect;
    const observer = this;
    pool.connect = function connect(this: pg.Pool, ...parameters: unknown[]): unknown {
      const [callback] = parameters;
      const waits = this.idleCount === 0 || this.waitingCount > 0;
      if (!waits && typeof callback !== 'function') return original.apply(this, parameters);
      const end = waits ? observer.#startConnect() : undefined;
      if (typeof callback === 'function') {
        // The pool calls back from whoever released the connection: without this, spans and logs would belong to that request.
        // (`AsyncLocalStorage.bind` would do so too, but makes an AsyncResource each time: 6 % of a whole request.)
        const active = context.active();
        return original.call(this, (error: Error | undefined, client: unknown, release: unknown) => {
          end?.(error);
          return context.with(active, callback as Callback, undefined, error, client, release);
        });
      }
      const result = original.apply(this, parameters);
      if (end !== undefined) whenSettled(result, end);
      return result;
    };
  }

  observeClient(client: pg.PoolClient): void {
    const target = client as unknown as { query: AnyFunction };
    const original = target.query;
    const observer = this;
    target.query = function query(this: unknown, ...parameters: unknown[]): unknown {
      const end = observer.#startQuery(parameters);
      if (end === undefined) return original.apply(this, parameters);
      const last = parameters.length - 1;
      const callback = parameters[last];
      if (typeof callback === 'function') {
        const active = context.active();
        parameters[last] = (error: Error | undefined, queryResult: unknown) => {
          end(error ?? undefined);
          return context.with(active, callback as Callback, undefined, error, queryResult);
        };
      }
      let result: unknown;
      try {
        result = original.apply(this, parameters);
      } catch (error) {
        end(error);
        throw error;
      }
      if (typeof callback !== 'function') whenSettled(result, end);
      return result;
    };
  }

  /** @returns what to call at the statement's end; undefined for what is not a statement by text (cursors, streams). */
  #startQuery(parameters: unknown[]): ((error?: unknown) => void) | undefined {
    try {
      const text = textOf(parameters[0]);
      if (text === undefined) return undefined;
      const statement = describeStatement(text);
      const start = performance.now();
      const parent = trace.getActiveSpan();
      const traced = parent?.isRecording() === true;
      const traceId = traced ? parent.spanContext().traceId : undefined;
      const span = traced ? startDatabaseSpan(this.#tracer, statement, this.#attributes) : undefined;
      return (error) => {
        try {
          const children = error === undefined || error === null ? this.#succeeded : this.#failed;
          children.get(statement.operation)?.observe((performance.now() - start) / 1000, traceId);
          if (span !== undefined) endDatabaseSpan(span, error);
        } catch (failure) {
          this.#telemetry.internalError('database', failure);
        }
      };
    } catch (failure) {
      this.#telemetry.internalError('database', failure);
      return undefined;
    }
  }

  #startConnect(): (error?: unknown) => void {
    const start = performance.now();
    const startTime = preciseNow();
    const active = context.active();
    return (error) => {
      try {
        const waited = performance.now() - start;
        const children = error === undefined || error === null ? this.#succeeded : this.#failed;
        const parent = trace.getSpan(active);
        const traced = parent?.isRecording() === true;
        children.get('connect')?.observe(waited / 1000, traced ? parent.spanContext().traceId : undefined);
        if (!traced || (waited < NOTABLE_WAIT_MS && !error)) return;
        const connect = {
          name: 'connect',
          summary: 'connect',
          sanitisedText: '',
          operation: 'connect',
        } as const;
        const span = startDatabaseSpan(this.#tracer, connect, this.#attributes, { active, startTime });
        endDatabaseSpan(span, error, startTime + waited);
      } catch (failure) {
        this.#telemetry.internalError('database', failure);
      }
    };
  }
}

/** Watches a promise from aside: whoever awaits it sees what it would have seen, rejections included. */
function whenSettled(result: unknown, end: (error?: unknown) => void): void {
  if (!(result instanceof Promise)) {
    if (typeof (result as { then?: unknown } | undefined)?.then !== 'function') return;
  }
  (result as Promise<unknown>).then(() => end(), end);
}

function textOf(query: unknown): string | undefined {
  if (typeof query === 'string') return query;
  if (typeof query !== 'object' || query === null) return undefined;
  // Cursors and streams submit themselves and end who knows when.
  if ('submit' in query) return undefined;
  const { text } = query as { text?: unknown };
  return typeof text === 'string' ? text : undefined;
}
