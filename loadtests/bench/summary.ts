/** Medians, ratios to bare within the same round, and their spread. */
import type { Observation } from './measure.ts';

/** Median with the least and the greatest value. */
export interface Spread {
  median: number;
  least: number;
  greatest: number;
}

export interface Row {
  variant: string;
  cpuMicros: Spread;
  /** Over bare of the same round. */
  cpuAddedMicros: Spread;
  requestsPerSecond: Spread;
  throughputRatio: Spread;
  /** Requests per second that the fixed-rate measurement reached. */
  rateReached: Spread;
  p50: Spread;
  p99: Spread;
  p99Ratio: Spread;
  rssMegabytes: Spread;
  memoryAddedMegabytes: Spread;
}

export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const at = (index: number) => sorted[index] ?? Number.NaN;
  const median = Number.isInteger(middle) ? (at(middle - 1) + at(middle)) / 2 : at(Math.floor(middle));
  return { median, least: at(0), greatest: at(sorted.length - 1) };
}

/** One row a variant, in the order given. Each comparison is with bare in the same round: the machine drifts between rounds. */
export function summarise(observations: readonly Observation[], variants: readonly string[]): Row[] {
  const bare = new Map(
    observations.filter(({ variant }) => variant === 'bare').map((one) => [one.round, one]),
  );
  return variants.map((variant) => {
    const own = observations.filter((one) => one.variant === variant);
    const of = (value: (one: Observation) => number) => spread(own.map(value));
    const against = (compare: (one: Observation, bare: Observation) => number) =>
      spread(
        own.flatMap((one) => {
          const other = bare.get(one.round);
          return other ? [compare(one, other)] : [];
        }),
      );
    return {
      variant,
      cpuMicros: of((one) => one.atRate.cpuMicrosPerRequest),
      cpuAddedMicros: against(
        (one, other) => one.atRate.cpuMicrosPerRequest - other.atRate.cpuMicrosPerRequest,
      ),
      requestsPerSecond: of((one) => one.saturated.requestsPerSecond),
      throughputRatio: against(
        (one, other) => one.saturated.requestsPerSecond / other.saturated.requestsPerSecond,
      ),
      rateReached: of((one) => one.atRate.requestsPerSecond),
      p50: of((one) => one.atRate.p50),
      p99: of((one) => one.atRate.p99),
      p99Ratio: against((one, other) => one.atRate.p99 / other.atRate.p99),
      rssMegabytes: of((one) => one.rssMegabytes),
      memoryAddedMegabytes: against((one, other) => one.rssMegabytes - other.rssMegabytes),
    };
  });
}
