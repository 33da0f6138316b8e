import { Socket } from 'node:net';
import pg from 'pg';
import { DatabaseUnavailableError } from './unavailable.ts';

export interface PoolOptions {
  connectionString: string;
  /** Most connections. */
  size: number;
  /** Longest time a statement may run, ms; the server cancels it then. */
  statementTimeoutMs: number;
  /** While it says no, callers are refused at once instead of waiting for a connection in vain. */
  isAvailable: () => boolean;
  /** Told of idle connections that were lost; the pool replaces them. */
  onLostConnection: (error: Error) => void;
}

export interface Pool {
  pool: pg.Pool;
  /** Breaks every connection now: statements under way fail at once, the next ones get fresh connections. */
  breakConnections(): void;
}

/** Waiting for a connection, new or free, takes no longer than this, ms: a request is answered within 2 s. */
const CONNECTION_TIMEOUT_MS = 1_500;

type ConnectCallback = (
  error: Error | undefined,
  client: pg.PoolClient | undefined,
  done: (release?: unknown) => void,
) => void;

/** Refuses where connections are handed out, so that whoever measures the pool sees the refusals too. */
class GatedPool extends pg.Pool {
  readonly #isAvailable: () => boolean;

  constructor(isAvailable: () => boolean, config: pg.PoolConfig) {
    super(config);
    this.#isAvailable = isAvailable;
  }

  override connect(): Promise<pg.PoolClient>;
  override connect(callback: ConnectCallback): void;
  override connect(callback?: ConnectCallback): Promise<pg.PoolClient> | undefined {
    const refusal = this.#isAvailable()
      ? undefined
      : new DatabaseUnavailableError('the database is not available');
    if (!callback) return refusal ? Promise.reject(refusal) : super.connect();
    if (refusal) process.nextTick(callback, refusal, undefined, () => {});
    else super.connect(callback);
    return undefined;
  }
}

/** The pool of the API. Connects on first use, so the database need not be there yet. */
export function createPool(options: PoolOptions): Pool {
  const sockets = new Set<Socket>();
  const pool = new GatedPool(options.isAvailable, {
    connectionString: options.connectionString,
    application_name: 'taskmanager-api',
    max: options.size,
    connectionTimeoutMillis: CONNECTION_TIMEOUT_MS,
    // A lull must not close what the next request would have to open again.
    idleTimeoutMillis: 60_000,
    statement_timeout: options.statementTimeoutMs,
    // Where the server is not there to cancel it, we give up a little later.
    query_timeout: options.statementTimeoutMs + 500,
    idle_in_transaction_session_timeout: 10_000,
    keepAlive: true,
    stream: () => {
      const socket = new Socket();
      sockets.add(socket);
      return socket.once('close', () => sockets.delete(socket));
    },
  });
  // Without a listener an idle connection that the server closes would end the process.
  pool.on('error', options.onLostConnection);
  return {
    pool,
    breakConnections: () => {
      for (const socket of sockets) socket.destroy(new Error('Connection terminated: the database is gone'));
    },
  };
}
