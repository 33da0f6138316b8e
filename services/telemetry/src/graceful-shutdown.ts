import type { Server } from 'node:http';
import type { Logger } from './logging/types.ts';

export interface GracefulShutdownOptions {
  logger: Logger;
  /** Time for everything together, seconds (SHUTDOWN_DRAIN_SECONDS, default 10); then the process exits with 1. */
  drainSeconds?: number;
  /**
   * In this order, one after the other: readiness off, `closeHttpServer(server)`, pool.end, management.close, telemetry.shutdown.
   * A step that throws is logged and does not stop the others.
   */
  steps: readonly { name: string; run: () => unknown }[];
  /** Default process.exit; tests pass their own. */
  exit?: (code: number) => void;
}

export interface GracefulShutdown {
  /** What SIGTERM does. @returns when all steps ended, or the time is up. */
  shutdown(reason: string): Promise<void>;
  /** Takes the signal handlers off again. */
  uninstall(): void;
}

/** SIGTERM or SIGINT runs the steps in order and exits; a second signal exits at once. */
export function gracefulShutdown(_options: GracefulShutdownOptions): GracefulShutdown {
  throw new Error('not built yet');
}

/** Stops accepting, lets requests in flight finish, closes keep-alive connections as they become idle; resolves when all are closed. */
export function closeHttpServer(_server: Server): Promise<void> {
  throw new Error('not built yet');
}
