/**
 * Many values to one: Grafana's `calcs` and `reduceOptions`. services/console/test/app/grafana/reducers.test.ts compares each with
 * `@grafana/data` 12.4 and 13.2.
 */

type Values = readonly (number | null)[];
type Reducer = (numbers: readonly number[], all: Values) => number | null | undefined;

const isNumber = (value: number | null): value is number => value !== null && !Number.isNaN(value);

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const least = (values: readonly number[]) =>
  values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (values: readonly number[]) => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** Applies only where there is a value. */
const ofSome =
  (reducer: (numbers: readonly number[]) => number): Reducer =>
  (numbers) =>
    numbers.length === 0 ? undefined : reducer(numbers);

const sorted = (values: readonly number[]) => [...values].sort((a, b) => a - b);

function median(values: readonly number[]): number {
  const ordered = sorted(values);
  const middle = Math.floor(ordered.length / 2);
  const upper = ordered[middle] ?? 0;
  return ordered.length % 2 === 1 ? upper : ((ordered[middle - 1] ?? 0) + upper) / 2;
}

function percentile(values: readonly number[], share: number): number | undefined {
  return sorted(values)[Math.round((values.length - 1) * share)];
}

/** Returns the mean of the squared distances from the mean (of the whole population, not of a sample). */
function variance(values: readonly number[]): number {
  const mean = sum(values) / values.length;
  return sum(values.map((value) => (value - mean) ** 2)) / values.length;
}

/**
 * Returns the growth of a counter. A fall is a reset, and Grafana leaves out the fall and the rise that follows it
 * (findings/grafana-delta-forgets-the-rise-after-a-reset.sh).
 */
function delta(values: readonly number[]): number {
  let total = 0;
  let wasReset = false;
  values.forEach((value, index) => {
    const step = index === 0 ? 0 : value - (values[index - 1] ?? 0);
    if (step >= 0 && !wasReset) total += step;
    wasReset = step < 0;
  });
  return total;
}

const REDUCERS: Readonly<Record<string, { name: string; reduce: Reducer }>> = {
  lastNotNull: { name: 'Last *', reduce: (numbers) => numbers.at(-1) },
  last: { name: 'Last', reduce: (_, all) => all.at(-1) },
  firstNotNull: { name: 'First *', reduce: (numbers) => numbers[0] },
  first: { name: 'First', reduce: (_, all) => all[0] },
  min: { name: 'Min', reduce: ofSome(least) },
  max: { name: 'Max', reduce: ofSome(most) },
  mean: { name: 'Mean', reduce: ofSome((numbers) => sum(numbers) / numbers.length) },
  median: { name: 'Median', reduce: (numbers) => (numbers.length === 0 ? Number.NaN : median(numbers)) },
  variance: { name: 'Variance', reduce: (numbers) => (numbers.length === 0 ? 0 : variance(numbers)) },
  stdDev: { name: 'StdDev', reduce: (numbers) => (numbers.length === 0 ? 0 : Math.sqrt(variance(numbers))) },
  sum: { name: 'Total', reduce: sum },
  count: { name: 'Count', reduce: (_, all) => all.filter((value) => value !== null).length },
  countAll: { name: 'Count all', reduce: (_, all) => all.length },
  range: { name: 'Range', reduce: ofSome((numbers) => most(numbers) - least(numbers)) },
  delta: { name: 'Delta', reduce: delta },
  step: {
    name: 'Step',
    reduce: (numbers) =>
      numbers.length < 2
        ? undefined
        : least(numbers.slice(1).map((value, index) => value - (numbers[index] ?? 0))),
  },
  diff: { name: 'Difference', reduce: ofSome((numbers) => (numbers.at(-1) ?? 0) - (numbers[0] ?? 0)) },
  logmin: {
    name: 'Min (above zero)',
    reduce: (numbers) => {
      const positive = numbers.filter((value) => value > 0);
      return positive.length === 0 ? Number.MAX_VALUE : least(positive);
    },
  },
  changeCount: {
    name: 'Change Count',
    reduce: (_, all) => {
      const known = all.filter((value) => value !== null);
      return known.filter((value, index) => index > 0 && value !== known[index - 1]).length;
    },
  },
  distinctCount: {
    name: 'Distinct Count',
    reduce: (_, all) => new Set(all.filter((value) => value !== null)).size,
  },
  diffperc: {
    name: 'Difference percent',
    reduce: (numbers) => {
      const [first = 0, last = 0] = [numbers[0], numbers.at(-1)];
      return numbers.length === 0 ? 0 : ((last - first) / first) * 100;
    },
  },
};

/** Ids of Grafana before 7, which files still have. */
const ALIASES: Readonly<Record<string, string>> = { current: 'lastNotNull', avg: 'mean', total: 'sum' };

/** Calculations that have a result where there are no values at all. */
const OF_NOTHING = new Set(['sum', 'count', 'countAll']);

const PERCENTILE = /^p([1-9]\d?)$/;

/** Tells whether {@link reduce} knows the calculation. */
export function isReducer(id: string): boolean {
  return id in REDUCERS || id in ALIASES || PERCENTILE.test(id);
}

/**
 * Reduces values to one. Nulls are gaps; NaN is no value where Grafana leaves it out.
 * @returns undefined where there is nothing to calculate from, or the calculation is unknown (see {@link isReducer}).
 */
export function reduce(id: string, values: Values): number | undefined {
  if (values.length === 0) return OF_NOTHING.has(ALIASES[id] ?? id) ? 0 : undefined;
  const numbers = values.filter(isNumber);
  const quantile = PERCENTILE.exec(id);
  if (quantile) return percentile(numbers, Number(quantile[1]) / 100);
  return REDUCERS[ALIASES[id] ?? id]?.reduce(numbers, values) ?? undefined;
}

function ordinal(count: number): string {
  if (count > 3 && count < 21) return 'th';
  return ['th', 'st', 'nd', 'rd'][count % 10] ?? 'th';
}

/** Returns the calculation's name in a legend's or table's header. */
export function reducerName(id: string): string {
  const quantile = PERCENTILE.exec(id);
  if (quantile) return `${quantile[1]}${ordinal(Number(quantile[1]))} %`;
  return REDUCERS[ALIASES[id] ?? id]?.name ?? id;
}

/** Returns the unit of a calculation's result: counts have none, and a difference in percent is one. */
export function calculatedUnit(id: string, unit: string | undefined): string | undefined {
  if (id === 'diffperc') return 'percent';
  return ['count', 'changeCount', 'distinctCount'].includes(id) ? 'none' : unit;
}

/** Ids of the calculations, percentiles left out. */
export const REDUCER_IDS: readonly string[] = Object.keys(REDUCERS);
