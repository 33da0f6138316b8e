/** What came of the requests: live, by route and status, and second by second, so that any stretch of time can be asked. */
import { LatencyHistogram } from './latency-histogram.ts';

/** Why there was no answer. */
export type NoAnswer = 'refused' | 'cut-off' | 'timeout' | 'aborted';

export interface Outcome {
  method: string;
  route: string;
  /** The status, or why there is none. */
  result: number | NoAnswer;
  /** What the journey was to be answered with. */
  expected: number;
  seconds: number;
  /** When the request was sent, Unix ms. */
  at: number;
}

export interface Tally {
  sent: number;
  /** With whatever status. */
  answered: number;
  /** 5xx. */
  serverErrors: number;
  /** Refused, cut off or too late; those that the load itself broke off at its end are not sent at all. */
  unanswered: number;
  /** Answers with another status than the journey expects, 5xx among them. */
  unexpected: number;
}

export interface Stretch extends Tally {
  /** Requests that failed users (5xx or no answer) among all; 0 where nothing was sent. */
  errorRatio: number;
  p50Seconds: number;
  p95Seconds: number;
  p99Seconds: number;
}

export interface RouteCounts extends Stretch {
  method: string;
  route: string;
  /** By status, or by why there was none. */
  results: ReadonlyMap<number | NoAnswer, number>;
}

interface Bucket extends Tally {
  latency: LatencyHistogram;
}

interface RouteBucket extends Bucket {
  method: string;
  route: string;
  results: Map<number | NoAnswer, number>;
}

export class LoadCounts {
  readonly #total: Bucket = emptyBucket();
  readonly #routes = new Map<string, RouteBucket>();
  /** By Unix second. */
  readonly #seconds = new Map<number, Bucket>();

  add(outcome: Outcome): void {
    const { method, route, result, at } = outcome;
    // The load's own end cut it off: nobody's failure.
    if (result === 'aborted') return;
    const name = `${method} ${route}`;
    let byRoute = this.#routes.get(name);
    if (!byRoute) {
      byRoute = { ...emptyBucket(), method, route, results: new Map() };
      this.#routes.set(name, byRoute);
    }
    const second = Math.floor(at / 1000);
    let bySecond = this.#seconds.get(second);
    if (!bySecond) {
      bySecond = emptyBucket();
      this.#seconds.set(second, bySecond);
    }
    byRoute.results.set(result, (byRoute.results.get(result) ?? 0) + 1);
    for (const bucket of [this.#total, byRoute, bySecond]) count(bucket, outcome);
  }

  get total(): Stretch {
    return stretch(this.#total);
  }

  /** Latency of answers below 500, as the objectives count it. */
  get latency(): LatencyHistogram {
    return this.#total.latency;
  }

  /** Sorted by route and method. */
  get routes(): RouteCounts[] {
    return [...this.#routes.values()]
      .map((bucket) => ({
        ...stretch(bucket),
        method: bucket.method,
        route: bucket.route,
        results: bucket.results,
      }))
      .sort((left, right) =>
        `${left.route} ${left.method}`.localeCompare(`${right.route} ${right.method}`, 'en'),
      );
  }

  /** Requests sent from one moment up to, and without, another (Unix ms, whole seconds). */
  between(fromMs: number, toMs: number): Stretch {
    const sum = emptyBucket();
    for (const [second, bucket] of this.#seconds) {
      if (second < Math.floor(fromMs / 1000) || second >= Math.floor(toMs / 1000)) continue;
      for (const key of TALLY) sum[key] += bucket[key];
      sum.latency.add(bucket.latency);
    }
    return stretch(sum);
  }

  /** Second by second, oldest first; seconds in which nothing was sent are left out. */
  get timeline(): (Stretch & { second: number })[] {
    return [...this.#seconds]
      .map(([second, bucket]) => ({ second, ...stretch(bucket) }))
      .sort((left, right) => left.second - right.second);
  }
}

const TALLY = ['sent', 'answered', 'serverErrors', 'unanswered', 'unexpected'] as const;

function emptyBucket(): Bucket {
  return {
    sent: 0,
    answered: 0,
    serverErrors: 0,
    unanswered: 0,
    unexpected: 0,
    latency: new LatencyHistogram(),
  };
}

function count(bucket: Bucket, { result, expected, seconds }: Outcome): void {
  bucket.sent += 1;
  if (typeof result !== 'number') {
    bucket.unanswered += 1;
    return;
  }
  bucket.answered += 1;
  if (result >= 500) bucket.serverErrors += 1;
  if (result !== expected) bucket.unexpected += 1;
  // As in prometheus/slo.yaml: a fast 503 is not a fast answer.
  if (result < 500) bucket.latency.observe(seconds);
}

function stretch({ latency, sent, answered, serverErrors, unanswered, unexpected }: Bucket): Stretch {
  return {
    sent,
    answered,
    serverErrors,
    unanswered,
    unexpected,
    errorRatio: sent === 0 ? 0 : (serverErrors + unanswered) / sent,
    p50Seconds: latency.quantile(0.5),
    p95Seconds: latency.quantile(0.95),
    p99Seconds: latency.quantile(0.99),
  };
}
