import type { Traffic } from '../../contract/overview.ts';
import { HttpProblem } from '../http/problem.ts';
import type { PrometheusQueries } from '../prometheus/queries.ts';

/** What web passes on to the API: the same edge that the objectives are measured at. */
const EDGE = 'job="taskmanager-frontend",route="/api/*"';
const WINDOW = '1m';
const HISTORY_MS = 30 * 60_000;
const STEP_SECONDS = 30;

const total = `sum(rate(http_requests_total{${EDGE}}[${WINDOW}]))`;
const failed = `(sum(rate(http_requests_total{${EDGE},status_code=~"5.."}[${WINDOW}])) or vector(0))`;
const ratio = `${failed} / (${total} > 0)`;
const quantile = (share: number) =>
  `histogram_quantile(${share}, sum by (le) (rate(http_request_duration_seconds_bucket{${EDGE}}[${WINDOW}])))`;

/** Request rate, errors and latency now and over the last half hour. @throws HttpProblem when they cannot be known. */
export async function traffic(prometheus: PrometheusQueries, nowMs: number): Promise<Traffic> {
  const toMs = Math.floor(nowMs / (STEP_SECONDS * 1000)) * STEP_SECONDS * 1000;
  const range = { fromMs: toMs - HISTORY_MS, toMs, stepSeconds: STEP_SECONDS };
  const [rates, ratios, p50, p95, p99, rateHistory, ratioHistory, p95History] = await Promise.all([
    prometheus.query(total),
    prometheus.query(ratio),
    prometheus.query(quantile(0.5)),
    prometheus.query(quantile(0.95)),
    prometheus.query(quantile(0.99)),
    prometheus.range(total, range),
    prometheus.range(ratio, range),
    prometheus.range(quantile(0.95), range),
  ]);
  const rate = rates[0]?.value;
  if (rate === undefined) {
    throw new HttpProblem(
      502,
      'there is no series http_requests_total of taskmanager-web: it has not been scraped twice yet',
    );
  }
  const times = Array.from(
    { length: HISTORY_MS / 1000 / STEP_SECONDS + 1 },
    (_, index) => range.fromMs + index * STEP_SECONDS * 1000,
  );
  return {
    requestsPerSecond: rate,
    errorRatio: finite(ratios[0]?.value),
    p50Seconds: finite(p50[0]?.value),
    p95Seconds: finite(p95[0]?.value),
    p99Seconds: finite(p99[0]?.value),
    history: times.map((ms) => ({
      time: new Date(ms).toISOString(),
      requestsPerSecond: finite(rateHistory.get(ms)),
      errorRatio: finite(ratioHistory.get(ms)),
      p95Seconds: finite(p95History.get(ms)),
    })),
  };
}

/** NaN is what a quantile of nothing is. */
function finite(value: number | undefined): number | null {
  return value === undefined || !Number.isFinite(value) ? null : value;
}
