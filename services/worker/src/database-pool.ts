import { instrumentPool, type Telemetry } from '@lab/telemetry';
import pg from 'pg';

/** Longest wait for a connection, ms. */
const CONNECT_TIMEOUT_MS = 2_000;

/** The worker's only pool: handlers, the queue's own statements and the samples of its depth go through it, measured. */
export function createDatabasePool(options: {
  url: string;
  poolSize: number;
  /** Longest time a statement may take at the server, ms. */
  statementTimeoutMs: number;
  telemetry: Telemetry;
}): pg.Pool {
  const { url, poolSize, statementTimeoutMs, telemetry } = options;
  const pool = new pg.Pool({
    connectionString: url,
    max: poolSize,
    application_name: telemetry.service.name,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    statement_timeout: statementTimeoutMs,
    // The server's own timeout cannot arrive from a server that is gone: give up on our side a little later.
    query_timeout: statementTimeoutMs + 1_000,
    keepAlive: true,
  });
  // A restart of the database breaks idle connections; the pool replaces them when they are needed.
  pool.on('error', (error) =>
    telemetry.logger.warn('an idle database connection broke', { 'error.message': error.message }),
  );
  return instrumentPool(pool, telemetry);
}
