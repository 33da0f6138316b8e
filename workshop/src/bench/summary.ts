/** Medians, ratios to bare within the same slice, and their spread. */
import type { Observation } from './observation.ts';

/** Median with the quartiles below and above it: half of all values lie between them. */
export interface Spread {
  median: number;
  lower: number;
  upper: number;
}

export interface Row {
  variant: string;
  cpuMicros: Spread;
  /** Over bare of the same slice. */
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

/** Quantiles between two values are interpolated linearly (as R's type 7 and NumPy do). */
export function spread(values: readonly number[]): Spread {
  const sorted = values.toSorted((a, b) => a - b);
  const quantile = (part: number) => {
    const place = (sorted.length - 1) * part;
    const [below = Number.NaN, above = below] = [sorted[Math.floor(place)], sorted[Math.ceil(place)]];
    return below + (above - below) * (place - Math.floor(place));
  };
  return { median: quantile(0.5), lower: quantile(0.25), upper: quantile(0.75) };
}

/** One row a variant, in the order given. Each comparison is with bare in the same slice: the machine drifts. */
export function summarise(observations: readonly Observation[], variants: readonly string[]): Row[] {
  const bare = new Map(
    observations.filter(({ variant }) => variant === 'bare').map((one) => [one.slice, one]),
  );
  return variants.map((variant) => {
    const own = observations.filter((one) => one.variant === variant);
    const of = (value: (one: Observation) => number) => spread(own.map(value));
    const against = (compare: (one: Observation, bare: Observation) => number) =>
      spread(
        own.flatMap((one) => {
          const other = bare.get(one.slice);
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
