import { HTTP_METHODS, METRICS, OTHER_METHOD } from '../metric-definitions.ts';
import type { HistogramChild } from '../metrics/lean-histogram.ts';
import type { Telemetry } from '../telemetry.ts';

/** The HTTP metrics of one registry. Requests are counted by the histogram; the counter is filled from it at each scrape. */
export interface HttpMetrics {
  inFlight: number;
  /** The series of these labels. @param method any request method. */
  series(method: string, route: string, statusCode: number): HistogramChild;
}

const methods = new Set<string>(HTTP_METHODS);
const made = new WeakMap<Telemetry, HttpMetrics>();

/** The label of a request method: one of the known ones, else `_OTHER`. */
export function methodLabel(method: string | undefined): string {
  return method !== undefined && methods.has(method) ? method : OTHER_METHOD;
}

export function httpMetrics(telemetry: Telemetry): HttpMetrics {
  const known = made.get(telemetry);
  if (known !== undefined) return known;
  const durations = telemetry.histogram(METRICS.http_request_duration_seconds);
  telemetry.collectedCounter(METRICS.http_requests_total, () => durations.counts());
  const cache = new Map<string, HistogramChild>();
  const metrics: HttpMetrics = {
    inFlight: 0,
    series(method, route, statusCode) {
      const key = `${method} ${statusCode} ${route}`;
      let child = cache.get(key);
      if (child === undefined) {
        child = durations.child({ method: methodLabel(method), route, status_code: String(statusCode) });
        // Unknown methods are not cached: there are as many as somebody cares to send.
        if (methods.has(method)) cache.set(key, child);
      }
      return child;
    },
  };
  telemetry.gauge(METRICS.http_requests_in_flight, (gauge) => gauge.set(metrics.inFlight));
  made.set(telemetry, metrics);
  return metrics;
}

/** Statuses that a route is expected to answer; 500 and 503 because alerts divide by them. */
const EXPECTED: Readonly<Record<string, readonly number[]>> = {
  GET: [200, 500, 503],
  POST: [201, 500, 503],
  PUT: [200, 500, 503],
  PATCH: [200, 500, 503],
  DELETE: [204, 500, 503],
};

/**
 * Starts the series of known routes at 0, so that the first error is an increase and a quiet route is a zero, not a gap.
 * @param routes `route` is the full mounted template; `statusCodes` replaces the expected success code.
 */
export function declareRoutes(
  telemetry: Telemetry,
  routes: readonly { method: string; route: string; statusCodes?: readonly number[] }[],
): void {
  const metrics = httpMetrics(telemetry);
  for (const { method, route, statusCodes } of routes) {
    for (const statusCode of statusCodes ?? EXPECTED[method] ?? [200, 500, 503])
      metrics.series(method, route, statusCode);
  }
}
