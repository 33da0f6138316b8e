/**
 * What the recording rules of prometheus/rules/slo.yml and slo-budget.yml would have recorded, had they run. Rules read each
 * other's results, so Prometheus itself could only backfill them round by round from a server that already runs; a test
 * compares what is computed here with what Prometheus says of the same rules.
 */
import { type Objectives, parseDuration } from '@lab/prometheus';
import { MINUTE } from './timeline.ts';
import { BUCKETS, type RouteCounters } from './traffic.ts';

type Objective = Objectives['objectives'][number];

/** A recorded series' name and value. */
export type Recorded = readonly [name: string, value: number];

/** Windows that change within minutes are kept every minute; the others, like the rules' own long windows, every five. */
const EVERY_MINUTE_UP_TO = 5;
const SLOW_STEP = 5 * MINUTE;

/** Requests and errors a second of one objective, minute by minute, as running sums. */
export class RecordedRates {
  readonly labels: { slo: string; service: string };
  readonly #objective: Objective;
  readonly #windows: { name: string; minutes: number }[];
  readonly #budgetWindow: string;
  readonly #requests = [0];
  readonly #errors = [0];
  #before: { total: number; bad: number } | undefined;

  constructor(objective: Objective, { burnRates, window }: Objectives) {
    this.labels = { slo: objective.name, service: objective.service };
    this.#objective = objective;
    this.#budgetWindow = window;
    const names = new Set([...burnRates.flatMap(({ long, short }) => [long, short]), window, '5m']);
    this.#windows = [...names].map((name) => ({ name, minutes: parseDuration(name) / MINUTE }));
  }

  /** Takes the counters at `time` and returns what the rules would have recorded then; nothing at the first. */
  record(time: number, counters: readonly RouteCounters[]): Recorded[] {
    const now = this.#count(counters);
    const before = this.#before;
    this.#before = now;
    if (!before) return [];
    const requests = (now.total - before.total) / 60;
    const errors = (now.bad - before.bad) / 60;
    this.#requests.push((this.#requests.at(-1) ?? 0) + requests);
    this.#errors.push((this.#errors.at(-1) ?? 0) + errors);
    return [
      ['slo:objective:ratio', this.#objective.objective],
      ['slo:requests:rate1m', requests],
      ['slo:errors:rate1m', errors],
      ['slo:requests:rate5m', mean(this.#requests, 5)],
      ['slo:errors:rate5m', mean(this.#errors, 5)],
      ...this.#windows
        .filter(({ minutes }) => minutes <= EVERY_MINUTE_UP_TO || time % SLOW_STEP === 0)
        .flatMap(({ name, minutes }) => this.#ratios(name, minutes)),
    ];
  }

  #ratios(window: string, minutes: number): Recorded[] {
    const requests = mean(this.#requests, minutes);
    if (requests === 0) return [];
    const ratio = mean(this.#errors, minutes) / requests;
    const burnRate = ratio / (1 - this.#objective.objective);
    return [
      [`slo:error_ratio:rate${window}`, ratio],
      [`slo:burn_rate:rate${window}`, burnRate],
      ...(window === this.#budgetWindow
        ? ([['slo:error_budget_remaining:ratio', 1 - burnRate]] as const)
        : []),
    ];
  }

  /** The objective's `total`, and what of it is not `good`: failed, or for a latency objective answered too late. */
  #count(counters: readonly RouteCounters[]): { total: number; bad: number } {
    const { thresholdSeconds } = this.#objective;
    const failed = counters.filter(({ status }) => status.startsWith('5'));
    if (thresholdSeconds === undefined) return { total: total(counters), bad: total(failed) };
    const bucket = (BUCKETS as readonly number[]).indexOf(thresholdSeconds);
    const answered = counters.filter((each) => !failed.includes(each));
    const inTime = answered.reduce((sum, { cumulative }) => sum + (cumulative[bucket] ?? 0), 0);
    return { total: total(answered), bad: total(answered) - inTime };
  }
}

function total(counters: readonly RouteCounters[]): number {
  return counters.reduce((sum, { count }) => sum + count, 0);
}

/** Over the last `minutes`, or as many as there are. */
function mean(sums: readonly number[], minutes: number): number {
  const last = sums.length - 1;
  const first = Math.max(0, last - minutes);
  return ((sums[last] ?? 0) - (sums[first] ?? 0)) / (last - first);
}
