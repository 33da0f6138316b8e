/** The own engine's numbers in Prometheus, under the names and labels that k6 gives them: one dashboard shows both. */
import { describeError } from '../cli/failure.ts';
import type { ArrivalReport } from './arrivals.ts';
import type { LoadCounts, RouteCounts } from './counts.ts';
import { remoteWrite, type Series } from './remote-write.ts';

export interface PushOptions {
  prometheusUrl: string;
  testId: string;
  load: { readonly counts: LoadCounts; readonly arrivals: ArrivalReport };
  progress(line: string): void;
}

/** As k6 does. */
const EVERY_MS = 5_000;
const SCENARIO = 'people';

/** Pushes until stopped. A Prometheus that does not take them is said once and is no reason to end a load. */
export function pushToPrometheus({ prometheusUrl, testId, load, progress }: PushOptions): {
  stop(): Promise<void>;
} {
  let complained = false;
  let pushing = Promise.resolve();
  const push = (series: readonly Series[], at: number) => {
    pushing = pushing
      .then(() => remoteWrite(prometheusUrl, series, at))
      .catch((error: unknown) => {
        if (!complained) progress(`the load's own numbers do not reach Prometheus: ${describeError(error)}`);
        complained = true;
      });
    return pushing;
  };
  const timer = setInterval(() => void push(seriesOf(load, testId), Date.now()), EVERY_MS);
  return {
    async stop() {
      clearInterval(timer);
      const last = seriesOf(load, testId);
      const at = Date.now();
      await push(last, at);
      // Else the last value would stay for five minutes.
      await push(
        last.map((each) => ({ ...each, value: 'stale' })),
        at + 1,
      );
    },
  };
}

export function seriesOf({ counts, arrivals }: PushOptions['load'], testId: string): Series[] {
  const common = { testid: testId, scenario: SCENARIO };
  return [
    { name: 'k6_vus', labels: { testid: testId }, value: arrivals.underWay },
    { name: 'k6_iterations_total', labels: common, value: arrivals.begun - arrivals.underWay },
    // Bodies only; k6 counts heads as well.
    { name: 'k6_data_received_total', labels: common, value: counts.received },
    { name: 'k6_dropped_iterations_total', labels: common, value: arrivals.turnedAway },
    ...counts.routes.flatMap((route) => routeSeries(route, common)),
  ];
}

function routeSeries(
  { method, route, results, unexpectedResults, unexpected, unanswered, sent, ...latency }: RouteCounts,
  common: Record<string, string>,
): Series[] {
  const labels = { ...common, method, name: route };
  return [
    ...byStatus(results, unexpectedResults).map(([status, expected, value]) => ({
      name: 'k6_http_reqs_total',
      labels: { ...labels, status, expected_response: String(expected) },
      value,
    })),
    { name: 'k6_http_req_failed_rate', labels, value: (unexpected + unanswered) / sent },
    { name: 'k6_http_req_duration_p50', labels, value: latency.p50Seconds },
    { name: 'k6_http_req_duration_p95', labels, value: latency.p95Seconds },
    { name: 'k6_http_req_duration_p99', labels, value: latency.p99Seconds },
  ];
}

/** k6's status of a request without an answer is 0, whatever the reason. */
function byStatus(
  results: RouteCounts['results'],
  unexpected: RouteCounts['unexpectedResults'],
): [status: string, expected: boolean, count: number][] {
  const rows: [string, boolean, number][] = [];
  let unanswered = 0;
  for (const [result, count] of results) {
    const surprises = unexpected.get(result) ?? 0;
    if (typeof result !== 'number') unanswered += count;
    else {
      if (count > surprises) rows.push([String(result), true, count - surprises]);
      if (surprises > 0) rows.push([String(result), false, surprises]);
    }
  }
  if (unanswered > 0) rows.push(['0', false, unanswered]);
  return rows;
}
