/** Many values to one: Grafana's `calcs` and `reduceOptions`. Nulls are gaps; NaN is no value here, as in Grafana. */

type Values = readonly (number | null)[];

const numbers = (values: Values): number[] =>
  values.filter((value): value is number => value !== null && !Number.isNaN(value));

const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);

function percentile(values: number[], share: number): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** Growth of a counter: resets start again from zero. */
function delta(values: number[]): number | undefined {
  if (values.length === 0) return undefined;
  let total = 0;
  for (let index = 1; index < values.length; index += 1) {
    const [before, after] = [values[index - 1] ?? 0, values[index] ?? 0];
    total += after >= before ? after - before : after;
  }
  return total;
}

const REDUCERS: Readonly<Record<string, (values: number[], all: Values) => number | undefined>> = {
  last: (_, all) => all.at(-1) ?? undefined,
  lastNotNull: (values) => values.at(-1),
  first: (_, all) => all[0] ?? undefined,
  firstNotNull: (values) => values[0],
  min: (values) => (values.length ? values.reduce((a, b) => Math.min(a, b)) : undefined),
  max: (values) => (values.length ? values.reduce((a, b) => Math.max(a, b)) : undefined),
  mean: (values) => (values.length ? sum(values) / values.length : undefined),
  median: (values) => percentile(values, 0.5),
  sum: (values) => (values.length ? sum(values) : undefined),
  count: (_, all) => all.length,
  range: (values) =>
    values.length
      ? values.reduce((a, b) => Math.max(a, b)) - values.reduce((a, b) => Math.min(a, b))
      : undefined,
  delta: (values) => delta(values),
  diff: (values) => (values.length ? (values.at(-1) ?? 0) - (values[0] ?? 0) : undefined),
  diffperc: (values) => (values[0] ? ((values.at(-1) ?? 0) - values[0]) / values[0] : undefined),
  distinctCount: (_, all) => new Set(all).size,
  changeCount: (values) => values.filter((value, index) => index > 0 && value !== values[index - 1]).length,
};

/** How a calculation is named in a legend's or table's header. */
export const REDUCER_NAMES: Readonly<Record<string, string>> = {
  last: 'Last',
  lastNotNull: 'Last',
  first: 'First',
  firstNotNull: 'First',
  min: 'Min',
  max: 'Max',
  mean: 'Mean',
  median: 'Median',
  sum: 'Total',
  count: 'Count',
  range: 'Range',
  delta: 'Delta',
  diff: 'Difference',
  diffperc: 'Difference %',
  distinctCount: 'Distinct',
  changeCount: 'Changes',
};

export function isReducer(id: string): boolean {
  return id in REDUCERS || /^p\d{1,2}$/.test(id);
}

/** @returns undefined where there is nothing to calculate from, or the calculation is unknown (see {@link isReducer}). */
export function reduce(id: string, values: Values): number | undefined {
  const quantile = /^p(\d{1,2})$/.exec(id);
  if (quantile) return percentile(numbers(values), Number(quantile[1]) / 100);
  return REDUCERS[id]?.(numbers(values), values);
}

export function reducerName(id: string): string {
  return REDUCER_NAMES[id] ?? id;
}
