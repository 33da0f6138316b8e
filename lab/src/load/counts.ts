/** What came of the requests: live, by route and status, and second by second, so that any stretch of time can be asked. */
import { LatencyHistogram } from './latency-histogram.ts';

/** Why there was no answer. */
export type NoAnswer = 'refused' | 'cut-off' | 'timeout' | 'aborted';
export type Result = number | NoAnswer;

export interface Outcome {
  method: string;
  route: string;
  /** The status, or why there is none. */
  result: Result;
  /** What the journey was to be answered with. */
  expected: number;
  seconds: number;
  /** When the request was sent, Unix ms. */
  at: number;
  /** Bytes of the answer's body. */
  received?: number | undefined;
  /** Where it asked to be traced. */
  traceId?: string | undefined;
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
  /** Of answers below 500, as in prometheus/slo.yaml: a fast 503 is not a fast answer. */
  p50Seconds: number;
  p95Seconds: number;
  p99Seconds: number;
  /** What the objectives look at: requests to the API. */
  api: ApiTally;
}

export interface ApiTally {
  sent: number;
  /** 5xx or no answer. */
  failed: number;
  /** Answers below 500. */
  good: number;
  /** Of these, how many came within each of the thresholds, in their order. */
  within: readonly number[];
}

export interface RouteCounts extends Stretch {
  method: string;
  route: string;
  /** By status, or by why there was none. */
  results: ReadonlyMap<Result, number>;
  /** Of these, the ones that the journey did not expect. */
  unexpectedResults: ReadonlyMap<Result, number>;
}

interface Bucket extends Tally {
  latency: LatencyHistogram;
  api: { sent: number; failed: number; good: number; within: number[] };
}

interface RouteBucket extends Bucket {
  method: string;
  route: string;
  results: Map<Result, number>;
  unexpectedResults: Map<Result, number>;
}

export type SlowRequest = Outcome & { traceId: string };

const SLOWEST = 10;
const API = '/api/';

export class LoadCounts {
  readonly #thresholds: readonly number[];
  readonly #total: Bucket;
  readonly #routes = new Map<string, RouteBucket>();
  /** By Unix second. */
  readonly #seconds = new Map<number, Bucket>();
  #slowest: SlowRequest[] = [];
  #received = 0;

  /** @param thresholds seconds within which answers of the API are counted exactly, as objectives need them. */
  constructor(thresholds: readonly number[] = []) {
    this.#thresholds = thresholds;
    this.#total = this.#emptyBucket();
  }

  add(outcome: Outcome): void {
    const { method, route, result, expected, at } = outcome;
    // The load's own end cut it off: nobody's failure.
    if (result === 'aborted') return;
    const name = `${method} ${route}`;
    let byRoute = this.#routes.get(name);
    if (!byRoute) {
      byRoute = { ...this.#emptyBucket(), method, route, results: new Map(), unexpectedResults: new Map() };
      this.#routes.set(name, byRoute);
    }
    const second = Math.floor(at / 1000);
    let bySecond = this.#seconds.get(second);
    if (!bySecond) {
      bySecond = this.#emptyBucket();
      this.#seconds.set(second, bySecond);
    }
    increase(byRoute.results, result);
    if (result !== expected) increase(byRoute.unexpectedResults, result);
    this.#received += outcome.received ?? 0;
    for (const bucket of [this.#total, byRoute, bySecond]) this.#count(bucket, outcome);
    this.#keepSlowest(outcome);
  }

  get total(): Stretch {
    return stretch(this.#total);
  }

  /** Of answers below 500. */
  get latency(): LatencyHistogram {
    return this.#total.latency;
  }

  /** Bytes of all answers' bodies. */
  get received(): number {
    return this.#received;
  }

  /** Requests with a trace, slowest first. */
  get slowest(): readonly SlowRequest[] {
    return this.#slowest;
  }

  /** Sorted by route and method. */
  get routes(): RouteCounts[] {
    return [...this.#routes.values()]
      .map((bucket) => ({
        ...stretch(bucket),
        method: bucket.method,
        route: bucket.route,
        results: bucket.results,
        unexpectedResults: bucket.unexpectedResults,
      }))
      .sort((left, right) =>
        `${left.route} ${left.method}`.localeCompare(`${right.route} ${right.method}`, 'en'),
      );
  }

  /** Requests sent from one moment up to, and without, another (Unix ms, whole seconds). */
  between(fromMs: number, toMs: number): Stretch {
    const sum = this.#emptyBucket();
    for (const [second, bucket] of this.#seconds) {
      if (second < Math.floor(fromMs / 1000) || second >= Math.floor(toMs / 1000)) continue;
      for (const key of TALLY) sum[key] += bucket[key];
      for (const key of API_TALLY) sum.api[key] += bucket.api[key];
      bucket.api.within.forEach((count, at) => {
        sum.api.within[at] = (sum.api.within[at] ?? 0) + count;
      });
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

  #emptyBucket(): Bucket {
    return {
      sent: 0,
      answered: 0,
      serverErrors: 0,
      unanswered: 0,
      unexpected: 0,
      latency: new LatencyHistogram(),
      api: { sent: 0, failed: 0, good: 0, within: this.#thresholds.map(() => 0) },
    };
  }

  #count(bucket: Bucket, { route, result, expected, seconds }: Outcome): void {
    const answered = typeof result === 'number';
    const good = answered && result < 500;
    bucket.sent += 1;
    if (answered) bucket.answered += 1;
    else bucket.unanswered += 1;
    if (answered && !good) bucket.serverErrors += 1;
    if (answered && result !== expected) bucket.unexpected += 1;
    if (good) bucket.latency.observe(seconds);
    if (!route.startsWith(API)) return;
    bucket.api.sent += 1;
    if (!good) bucket.api.failed += 1;
    else bucket.api.good += 1;
    this.#thresholds.forEach((threshold, at) => {
      if (good && seconds <= threshold) bucket.api.within[at] = (bucket.api.within[at] ?? 0) + 1;
    });
  }

  #keepSlowest(outcome: Outcome): void {
    const { traceId, seconds } = outcome;
    if (traceId === undefined) return;
    const last = this.#slowest.at(-1);
    if (last && this.#slowest.length >= SLOWEST && last.seconds >= seconds) return;
    this.#slowest = [...this.#slowest, { ...outcome, traceId }]
      .sort((left, right) => right.seconds - left.seconds)
      .slice(0, SLOWEST);
  }
}

function increase(counts: Map<Result, number>, result: Result): void {
  counts.set(result, (counts.get(result) ?? 0) + 1);
}

const TALLY = ['sent', 'answered', 'serverErrors', 'unanswered', 'unexpected'] as const;
const API_TALLY = ['sent', 'failed', 'good'] as const;

function stretch({ latency, api, sent, answered, serverErrors, unanswered, unexpected }: Bucket): Stretch {
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
    api: { ...api, within: [...api.within] },
  };
}
