/** Fills in the API's observability with the lab's telemetry library. */
import {
  createFaults,
  createTelemetry,
  declareRoutes,
  type FaultController,
  httpServerTelemetry,
  instrumentPool,
  jobTraceContext,
  requestLogger,
  type Telemetry,
  type TelemetryOptions,
} from '@lab/telemetry';
import { API_PREFIX } from './contract/http.ts';
import type { Route } from './http/route.ts';
import { METRICS } from './metrics.ts';
import type { Observability } from './observability.ts';

export interface ApiTelemetry {
  telemetry: Telemetry;
  faults: FaultController;
  observability: Observability;
  /** Starts the routes' series at 0. */
  declare(routes: readonly Route[]): void;
}

export interface ApiTelemetryOptions extends TelemetryOptions {
  faults?: { enabled: boolean; token?: string | undefined };
}

export function createApiTelemetry({ faults: faultOptions, ...options }: ApiTelemetryOptions): ApiTelemetry {
  const telemetry = createTelemetry(options);
  const { logger } = telemetry;
  const faults = createFaults({ telemetry, enabled: false, ...faultOptions });
  const activeSessions = telemetry.gauge(METRICS.active_sessions);
  return {
    telemetry,
    faults,
    observability: {
      log: logger,
      requestLog: () => requestLogger(logger),
      middleware: [httpServerTelemetry({ telemetry, trustedProxies: 1 }), faults.middleware()],
      instrumentPool: (pool) => instrumentPool(pool, telemetry),
      jobTrace: jobTraceContext,
      activeSessions: (count) => {
        if (count === undefined) activeSessions.remove();
        else activeSessions.set(count);
      },
    },
    declare: (routes) =>
      declareRoutes(
        telemetry,
        routes.map(({ method, path, replies }) => ({
          method: method.toUpperCase(),
          route: API_PREFIX + path,
          statusCodes: Object.keys(replies).map(Number),
        })),
      ),
  };
}
