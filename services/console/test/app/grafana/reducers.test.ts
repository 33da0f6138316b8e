// @vitest-environment happy-dom
import { GRAFANA } from '@lab/testing/grafana';
import { describe, expect, it } from 'vitest';
import { isReducer, REDUCER_IDS, reduce, reducerName } from '../../../src/app/dashboards/model/reducers.ts';
import { COLUMNS } from './frames.ts';

const PERCENTILES = Array.from({ length: 99 }, (_, index) => `p${index + 1}`);
const IDS = [...REDUCER_IDS, ...PERCENTILES, 'avg', 'current', 'total'];
/** Yield a truth or a list, which no panel here shows as a number. The console names them as missing. */
const NO_NUMBERS = new Set(['allIsZero', 'allIsNull', 'allValues', 'uniqueValues']);
/** Grafana sorts NaN among numbers here or sums it up, and the outcome depends on where it stands. */
const UNSTEADY = new Set(['median', 'variance', 'stdDev', ...PERCENTILES]);

describe.each(GRAFANA)('calculations of Grafana $version', ({ data }) => {
  it('knows them all, and says which it does not draw', () => {
    const ids = data.fieldReducers.list().map(({ id }) => id);
    expect(ids.filter((id) => !isReducer(id))).toEqual(ids.filter((id) => NO_NUMBERS.has(id)));
  });

  it.each(IDS)('names %s as Grafana does', (id) => {
    expect(reducerName(id)).toBe(data.fieldReducers.get(id).name);
  });

  it.each(Object.entries(COLUMNS))('reduces a column with %s as Grafana does', (_, values) => {
    const wrong: unknown[] = [];
    for (const id of IDS) {
      if (UNSTEADY.has(id) && values.some((value) => Number.isNaN(value))) continue;
      const field = { name: 'Value', type: data.FieldType.number, config: {}, values: [...values] };
      const reducer = data.fieldReducers.get(id).id;
      const expected = data.reduceField({ field, reducers: [reducer] })[reducer] ?? undefined;
      const received = reduce(id, values);
      const same =
        Object.is(expected, received) ||
        Math.abs((received ?? Number.NaN) - expected) <= 1e-9 * Math.abs(expected);
      if (!same) wrong.push({ id, expected, received });
    }
    expect(wrong).toEqual([]);
  });
});
