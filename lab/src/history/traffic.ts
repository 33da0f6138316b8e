/** Counters of the web server as it would have exposed them: whole numbers that only grow. */
import type { Behaviour } from './timeline.ts';

/** Upper bounds in seconds; `LATENCY_BUCKETS` of services/telemetry, which a test compares. */
export const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10] as const;

/** Share of the fast answers (up to 300 ms) within each bucket up to 0.3. */
const FAST = [0.02, 0.12, 0.45, 0.72, 0.9, 0.98, 1];
/** Share of those between 300 ms and 1 s that are within 0.5, and of those above that are within 2.5, 5 and 10. */
const MIDDLE = [0.6, 1];
const TAIL = [0.7, 0.95, 1];

const ANSWERS = [
  { method: 'GET', status: '200', share: 0.72 },
  { method: 'POST', status: '201', share: 0.28 },
] as const;

export interface RouteCounters {
  method: string;
  status: string;
  /** Requests so far. */
  count: number;
  /** Of them, those within each of BUCKETS. */
  cumulative: number[];
  /** Seconds they took together. */
  sum: number;
}

/** The state of all counters; `advance` moves it by a minute. */
export class Traffic {
  readonly #routes = [...ANSWERS, { method: 'GET', status: '503' }].map(({ method, status }) => ({
    method,
    status,
    // One place a bucket, not cumulative: each rounded down for itself, so that no difference of two ever shrinks.
    exact: BUCKETS.map(() => 0),
  }));

  advance({ requestsPerSecond, failing, slow, verySlow }: Behaviour): void {
    const requests = requestsPerSecond * 60;
    const answered = inBuckets(slow, verySlow);
    const refused = inBuckets(0, 0);
    this.#routes.forEach(({ exact }, index) => {
      const share = ANSWERS[index]?.share;
      const amount = requests * (share === undefined ? failing : (1 - failing) * share);
      const shares = share === undefined ? refused : answered;
      for (let bucket = 0; bucket < exact.length; bucket += 1)
        exact[bucket] = (exact[bucket] ?? 0) + amount * (shares[bucket] ?? 0);
    });
  }

  counters(): RouteCounters[] {
    return this.#routes.map(({ method, status, exact }) => {
      let count = 0;
      let sum = 0;
      const cumulative = exact.map((amount, index) => {
        const whole = Math.floor(amount);
        count += whole;
        sum += whole * (((BUCKETS[index - 1] ?? 0) + (BUCKETS[index] ?? 0)) / 2);
        return count;
      });
      return { method, status, count, cumulative, sum };
    });
  }
}

/** Share of requests that falls into each bucket. Nothing takes longer than the last one. */
function inBuckets(slow: number, verySlow: number): number[] {
  const cumulative = [
    ...FAST.map((share) => share * (1 - slow)),
    ...MIDDLE.map((share) => 1 - slow + share * (slow - verySlow)),
    ...TAIL.map((share) => 1 - verySlow + share * verySlow),
  ];
  return cumulative.map((share, index) => share - (cumulative[index - 1] ?? 0));
}
