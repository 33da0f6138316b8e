/** A sample of promtool's notation: a number, nothing, or the mark that a series has ended. */
export type Sample = number | '_' | 'stale';

/** Writes promtool's notation out: `0+2x2 _x2 stale` is 0, 2, 4, nothing, nothing, stale. @throws Error for what is no such notation. */
export function samplesOf(values: string): Sample[] {
  return values
    .trim()
    .split(/\s+/)
    .flatMap((part): Sample[] => {
      if (part === 'stale') return ['stale'];
      const [, gaps] = /^_(?:x(\d+))?$/.exec(part) ?? [];
      if (part.startsWith('_')) return Array.from({ length: Number(gaps ?? 1) }, () => '_');
      const [, start, slope = '0', times = '0'] =
        /^(-?[\d.]+(?:e\d+)?)([+-][\d.]+(?:e\d+)?)?(?:x(\d+))?$/.exec(part) ?? [];
      if (start === undefined) throw new Error(`${part}: expected promtool's notation`);
      return Array.from({ length: Number(times) + 1 }, (_, index) =>
        round(Number(start) + Number(slope) * index),
      );
    });
}

/** Writes samples in promtool's notation; what repeats is written once. */
export function valuesOf(samples: readonly Sample[]): string {
  const runs: { sample: Sample; times: number }[] = [];
  for (const sample of samples) {
    const last = runs.at(-1);
    if (last && last.sample === sample && sample !== 'stale') last.times += 1;
    else runs.push({ sample, times: 1 });
  }
  return runs
    .map(({ sample, times }) => {
      if (times === 1) return String(sample);
      return sample === '_' ? `_x${times}` : `${sample}x${times - 1}`;
    })
    .join(' ');
}

/** Sums of slopes drift in the last digits; a counter must not fall by them. */
function round(value: number): number {
  return Number(value.toPrecision(14));
}
