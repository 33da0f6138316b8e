/** Reproducible randomness: the same seed gives the same traffic on every machine. */
export interface Random {
  /** In [0, 1). */
  uniform(): number;
  between(low: number, high: number): number;
  /** Mean 0, deviation 1. */
  normal(): number;
  /** A count of independent events of which `mean` are expected. */
  poisson(mean: number): number;
}

/** mulberry32, a generator of 32 bits that passes the usual tests of randomness. */
export function seededRandom(seed: number): Random {
  let state = seed >>> 0;
  const uniform = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  const normal = () => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  return {
    uniform,
    normal,
    between: (low, high) => low + (high - low) * uniform(),
    // Above some dozens a Poisson count is normal for every purpose here.
    poisson: (mean) => Math.max(0, Math.round(mean + Math.sqrt(mean) * normal())),
  };
}
