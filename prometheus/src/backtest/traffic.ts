import { type Random, seededRandom } from './random.ts';

/** Seconds between two samples of the generated traffic. */
export const STEP_SECONDS = 15;
const HOURS = 48;
const STEPS = (HOURS * 3600) / STEP_SECONDS;
const MINUTE = 60 / STEP_SECONDS;

export type AlertName = 'RequestRateAnomaly' | 'LatencyAnomaly';

/** Something that is not usual, made on purpose; times in minutes from the beginning. */
export interface Anomaly {
  alert: AlertName;
  start: number;
  end: number;
  /** By what the rate or the latency is multiplied at its height. */
  factor: number;
}

export interface Traffic {
  anomalies: readonly Anomaly[];
  minutes: number;
  /** Cumulative, one value a step. */
  requests: readonly number[];
  /** Cumulative counts by upper bound in seconds. */
  buckets: ReadonlyMap<number, readonly number[]>;
}

/** Upper bounds of the service's own histogram (services/telemetry). */
const BOUNDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 1, 2.5, 5, 10, Number.POSITIVE_INFINITY];

/**
 * Two days of an office's traffic: a daily rhythm between 4 and 20 requests a second, counted in random arrivals, drifting; latencies
 * lognormal, p90 near 110 ms, slower by a fifth at the peak. In it, what must not alarm (bursts and stalls under a minute, a lull, load
 * that ends at night and starts again), and anomalies of 8 to 20 minutes between 1.5 and 3 times, or a quarter to half, of what is usual.
 */
export function generateTraffic(seed: number): Traffic {
  const random = seededRandom(seed);
  const anomalies = placeAnomalies(random);
  const blips = placeBlips(random);
  const requests: number[] = [];
  const buckets = new Map(BOUNDS.map((bound) => [bound, [] as number[]]));
  const counts = new Map(BOUNDS.map((bound) => [bound, 0]));
  let total = 0;
  let drift = 0;
  for (let step = 0; step < STEPS; step += 1) {
    const minute = step / MINUTE;
    drift = 0.999 * drift + 0.002 * random.normal();
    const asleep = minute % 1440 < 180;
    const rhythm = 12 - 8 * Math.cos((2 * Math.PI * (minute % 1440)) / 1440);
    const busy = asleep ? 0 : rhythm * (1 + drift);
    const blip = blips.find(({ start, steps }) => step >= start && step < start + steps);
    const arrived = random.poisson(
      busy * STEP_SECONDS * factorAt(anomalies, 'RequestRateAnomaly', minute) * (blip?.rate ?? 1),
    );
    const middle =
      0.058 *
      (1 + 0.2 * (rhythm / 20)) *
      factorAt(anomalies, 'LatencyAnomaly', minute) *
      (blip?.latency ?? 1);
    for (let request = 0; request < arrived; request += 1) {
      const seconds = middle * Math.exp(0.5 * random.normal());
      for (const bound of BOUNDS) if (seconds <= bound) counts.set(bound, (counts.get(bound) ?? 0) + 1);
    }
    total += arrived;
    requests.push(total);
    for (const bound of BOUNDS) buckets.get(bound)?.push(counts.get(bound) ?? 0);
  }
  return { anomalies, minutes: HOURS * 60, requests, buckets };
}

/** One every two to three hours of the day, alternately of rate and latency, never while the office sleeps or has just woken. */
function placeAnomalies(random: Random): Anomaly[] {
  const anomalies: Anomaly[] = [];
  for (let start = 180 + 90; start < HOURS * 60 - 60; start += random.between(110, 170)) {
    if (start % 1440 < 180 + 90) continue;
    const end = start + random.between(8, 20);
    const alert = anomalies.length % 2 === 0 ? 'RequestRateAnomaly' : 'LatencyAnomaly';
    const falls = alert === 'RequestRateAnomaly' && random.uniform() < 0.4;
    anomalies.push({ alert, start, end, factor: falls ? random.between(0.25, 0.5) : random.between(1.5, 3) });
  }
  return anomalies;
}

/** Short oddities that nobody should hear of: three an hour. */
function placeBlips(random: Random): { start: number; steps: number; rate: number; latency: number }[] {
  return Array.from({ length: HOURS * 3 }, () => ({
    start: Math.floor(random.between(0, STEPS)),
    steps: Math.round(random.between(1, 3)),
    rate: random.uniform() < 0.5 ? random.between(2, 4) : random.between(0.2, 0.6),
    latency: random.between(1, 5),
  }));
}

/** Rises over a minute rather than at once. */
function factorAt(anomalies: readonly Anomaly[], alert: AlertName, minute: number): number {
  const current = anomalies.find(
    (anomaly) => anomaly.alert === alert && minute >= anomaly.start && minute < anomaly.end,
  );
  if (current === undefined) return 1;
  return 1 + (current.factor - 1) * Math.min(1, minute - current.start);
}
