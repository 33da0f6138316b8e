import type { FaultController } from '../faults/fault-controller.ts';
import type { Telemetry } from '../telemetry.ts';

/** A readiness check: resolves when fit to take traffic, rejects with the reason. */
export type ReadinessCheck = () => Promise<unknown>;

export interface ManagementServerOptions {
  telemetry: Telemetry;
  /** Default 127.0.0.1. */
  host?: string;
  /** 0: any free port. */
  port: number;
  /** One check, or several by name (`{database: () => pool.query('SELECT 1')}`). */
  readiness?: ReadinessCheck | Readonly<Record<string, ReadinessCheck>>;
  /** Longest time a check may take, ms. Default 2000. */
  readinessTimeoutMs?: number;
  faults?: FaultController | undefined;
}

/** GET /metrics, /healthz, /readyz; PUT|GET|DELETE /faults. Never on the public port. */
export interface ManagementServer {
  /** @returns the port listened on. @throws the listen error, with host and port in its message. */
  listen(): Promise<number>;
  /** False makes `/readyz` answer 503 whatever the checks say. Starts as true. */
  setReady(ready: boolean): void;
  close(): Promise<void>;
}

export function createManagementServer(_options: ManagementServerOptions): ManagementServer {
  throw new Error('not built yet');
}
