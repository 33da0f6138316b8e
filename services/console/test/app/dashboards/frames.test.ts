// biome-ignore-all lint/suspicious/noTemplateCurlyInString: this is how Grafana writes variables
import { describe, expect, it } from 'vitest';
import { readFieldConfigSource } from '../../../src/app/dashboards/model/field-config.ts';
import type { Frame } from '../../../src/app/dashboards/model/frame.ts';
import { nameFields } from '../../../src/app/dashboards/model/name-fields.ts';
import { isReducer, reduce } from '../../../src/app/dashboards/model/reducers.ts';
import { seriesFrames, tableFrame } from '../../../src/app/dashboards/model/series-frames.ts';
import { singleValues } from '../../../src/app/dashboards/model/single-values.ts';
import { tableModel } from '../../../src/app/dashboards/model/table.ts';
import {
  readTransformations,
  transform,
  unsupportedTransformations,
} from '../../../src/app/dashboards/model/transformations/index.ts';

const series = (labels: Record<string, string>, ...values: number[]) => ({
  labels,
  times: values.map((_, index) => 100 + index * 10),
  values,
});
const named = (frames: readonly Frame[], config: unknown = {}) =>
  nameFields(frames, readFieldConfigSource(config));
const names = (frames: readonly Frame[], config?: unknown) =>
  named(frames, config).flatMap((frame) =>
    frame.filter(({ type }) => type === 'number').map((field) => field.displayName),
  );

describe('naming', () => {
  const two = [
    series({ __name__: 'up', job: 'api', zone: 'x' }, 1),
    series({ __name__: 'up', job: 'web', zone: 'x' }, 1),
  ];

  it('fills the legend from labels, unknown ones with nothing', () => {
    expect(names(seriesFrames('A', two, '{{job}} in {{ nowhere }}'))).toEqual(['api in ', 'web in ']);
  });
  it('writes all labels when left to itself, a single one without its name', () => {
    expect(names(seriesFrames('A', two, '__auto'))).toEqual([
      'up {__name__="up", job="api", zone="x"}',
      'up {__name__="up", job="web", zone="x"}',
    ]);
    expect(names(seriesFrames('A', [series({ job: 'api' }, 1)], '__auto'))).toEqual(['api']);
  });
  it('writes the series as PromQL does without a format, and the query where there are no labels', () => {
    expect(names(seriesFrames('A', two.slice(0, 1), undefined))).toEqual(['up{job="api", zone="x"}']);
    expect(names(seriesFrames('A', [series({}, 1)], undefined, 'sum(up)'))).toEqual(['sum(up)']);
    expect(names(seriesFrames('A', [series({}, 1)], '__auto', 'sum(up)'))).toEqual(['sum(up)']);
  });
  it('lets an override by the computed name rename it', () => {
    const config = {
      overrides: [
        {
          matcher: { id: 'byName', options: 'web' },
          properties: [{ id: 'displayName', value: 'Web (${__field.labels.zone})' }],
        },
      ],
    };
    expect(names(seriesFrames('A', two, '{{job}}'), config)).toEqual(['api', 'Web (x)']);
  });
});

describe('reducing', () => {
  it.each([
    ['mean', 2],
    ['max', 3],
    ['min', 1],
    ['sum', 6],
    ['lastNotNull', 3],
    ['last', undefined],
    ['first', 1],
    ['count', 3],
    ['range', 2],
    ['delta', 2],
    ['p50', 2],
    ['nonsense', undefined],
  ])('%s of 1, 2, 3 and a gap is %s', (id, value) => {
    expect(reduce(id, [1, 2, 3, null])).toBe(value);
  });
  it('has nothing to say about nothing, and about NaN alone', () => {
    for (const id of ['mean', 'max', 'min', 'lastNotNull', 'p90']) {
      expect(reduce(id, [])).toBeUndefined();
      expect(reduce(id, [null, Number.NaN])).toBeUndefined();
    }
  });
  it('leaves out a counter’s reset and the rise after it, as Grafana does', () => {
    expect(reduce('delta', [10, 15, 3, 5, 6])).toBe(6);
  });
  it('survives a series longer than a function’s arguments', () => {
    const long = Array.from({ length: 200_000 }, (_, index) => index);
    expect([reduce('max', long), reduce('min', long)]).toEqual([199_999, 0]);
  });
  it('knows what it does not know', () => {
    expect(['p99', 'mean', 'nonsense', 'p100'].map(isReducer)).toEqual([true, true, false, false]);
  });
});

describe('transformations', () => {
  const rate = tableFrame('A', [series({ route: '/a' }, 5), series({ route: '/b' }, 7)], true);
  const errors = tableFrame('B', [series({ route: '/b' }, 0.5)], true);
  const run = (steps: unknown[], frames: Frame[] = [rate, errors]) =>
    transform(frames, readTransformations(steps));
  const rows = (frame: Frame | undefined) =>
    (frame?.fields[0]?.values ?? []).map((_, row) =>
      Object.fromEntries(
        (frame?.fields ?? []).map((field) => [field.title ?? field.name, field.values[row]]),
      ),
    );

  it('merges tables by the columns they share', () => {
    const [merged] = run([{ id: 'merge', options: {} }]);
    expect(rows(merged)).toEqual([
      { Time: 100_000, route: '/a', 'Value #A': 5, 'Value #B': null },
      { Time: 100_000, route: '/b', 'Value #A': 7, 'Value #B': 0.5 },
    ]);
  });
  it('organises: leaves out, renames, orders', () => {
    const [table] = run([
      { id: 'merge' },
      {
        id: 'organize',
        options: {
          excludeByName: { Time: true },
          renameByName: { 'Value #A': 'Rate' },
          indexByName: { 'Value #A': 0, route: 1 },
        },
      },
    ]);
    expect(table?.fields.map(({ name, title }) => title ?? name)).toEqual(['Rate', 'route', 'Value #B']);
  });
  it('sorts, leaving what is missing where it is, and limits', () => {
    const sorted = (desc: boolean) =>
      rows(run([{ id: 'merge' }, { id: 'sortBy', options: { sort: [{ field: 'Value #B', desc }] } }])[0]).map(
        (row) => row['route'],
      );
    expect([sorted(true), sorted(false)]).toEqual([
      ['/a', '/b'],
      ['/a', '/b'],
    ]);
    expect(rows(run([{ id: 'limit', options: { limitField: 1 } }], [rate])[0])).toHaveLength(1);
  });
  it('reduces series to rows', () => {
    const frames = seriesFrames('A', [series({ job: 'api' }, 1, 3), series({ job: 'web' }, 2, 2)], '{{job}}');
    expect(rows(run([{ id: 'reduce', options: { reducers: ['mean', 'max'] } }], frames)[0])).toEqual([
      { Field: 'api', Mean: 2, Max: 3 },
      { Field: 'web', Mean: 2, Max: 2 },
    ]);
  });
  it('filters and renames by pattern, and calculates', () => {
    const [table] = run([
      { id: 'merge' },
      { id: 'filterFieldsByName', options: { include: { pattern: '/route|Value/' } } },
      { id: 'renameByRegex', options: { regex: '/Value #(.)/', renamePattern: '$1' } },
      {
        id: 'calculateField',
        options: { mode: 'binary', alias: 'Sum', binary: { left: 'A', operator: '+', right: 'B' } },
      },
    ]);
    expect(rows(table)[1]).toEqual({ route: '/b', A: 7, B: 0.5, Sum: 7.5 });
  });
  it('names what it cannot do and leaves the data as it is', () => {
    const steps = readTransformations([
      { id: 'groupingToMatrix' },
      { id: 'merge' },
      { id: 'limit', disabled: true },
    ]);
    expect(unsupportedTransformations(steps)).toEqual(['groupingToMatrix']);
    expect(transform([rate], [{ id: 'groupingToMatrix', options: {} }])).toEqual([rate]);
  });
});

describe('single values', () => {
  it('takes the calculation asked for, with the unit’s limits for gauges', () => {
    const fields = named(seriesFrames('A', [series({}, 0.2, 0.4)], 'x'), {
      defaults: { unit: 'percentunit' },
    });
    const [value] = singleValues(fields, { reduceOptions: { calcs: ['mean'] } });
    expect(value).toMatchObject({ label: 'x', formatted: { text: '30.0', suffix: '%' }, min: 0, max: 1 });
    expect(value?.share).toBeCloseTo(0.3);
  });
  it('says "No data", or the dashboard’s word for it, where there is no value', () => {
    const gap = named(seriesFrames('A', [series({}, Number.NaN)], 'x'), { defaults: { noValue: 'idle' } });
    expect(singleValues(gap, {})[0]).toMatchObject({
      value: undefined,
      share: undefined,
      formatted: { text: 'idle' },
    });
  });
});

it('colours table cells by thresholds and keeps text columns plain', () => {
  const config = {
    defaults: {
      custom: { cellOptions: { type: 'color-text' } },
      color: { mode: 'thresholds' },
      thresholds: {
        mode: 'absolute',
        steps: [
          { value: null, color: 'green' },
          { value: 6, color: 'red' },
        ],
      },
    },
  };
  const [frame] = named(
    [tableFrame('A', [series({ route: '/a' }, 5), series({ route: '/b' }, 7)], false)],
    config,
  );
  const { columns } = tableModel(frame ?? []);
  expect(columns.map(({ name, cells }) => [name, cells.map(({ color }) => color)])).toEqual([
    ['Time', [undefined, undefined]],
    ['route', [undefined, undefined]],
    ['Value', ['var(--c-green)', 'var(--c-red)']],
  ]);
});
