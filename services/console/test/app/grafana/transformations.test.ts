// @vitest-environment happy-dom
/** Every transformation that the console claims, over frames as Prometheus' answers make them, compared with Grafana's own. */
import { GRAFANA, type GrafanaData } from '@lab/testing/grafana';
import { describe, expect, it } from 'vitest';
import { fieldName } from '../../../src/app/dashboards/model/field-name.ts';
import type { Frame } from '../../../src/app/dashboards/model/frame.ts';
import { seriesFrames, tableFrame } from '../../../src/app/dashboards/model/series-frames.ts';
import { transform } from '../../../src/app/dashboards/model/transformations/index.ts';

const series = (labels: Record<string, string>, ...points: [seconds: number, value: number][]) => ({
  labels,
  times: points.map(([at]) => at),
  values: points.map(([, value]) => value),
});
const A = series({ __name__: 'http', job: 'api', route: '/a' }, [10, 1], [20, 2], [30, 4]);
const B = series({ __name__: 'http', job: 'api', route: '/b' }, [10, 7], [20, Number.NaN], [40, 3]);
const C = series({ job: 'web' }, [20, -5]);
const INPUTS: Readonly<Record<string, readonly Frame[]>> = {
  'no series': [],
  'one series': seriesFrames('A', [A], undefined),
  'series with legends': seriesFrames('A', [A, B], '{{route}}'),
  'series of unequal times': [...seriesFrames('A', [A, B], undefined), ...seriesFrames('B', [C], 'web')],
  'one table': [tableFrame('A', [A, B], false)],
  'two tables': [
    tableFrame('A', [series({ route: '/a' }, [30, 4]), series({ route: '/b' }, [30, 3])], true),
    tableFrame('B', [series({ route: '/b' }, [30, 0.5]), series({ route: '/c' }, [30, 9])], true),
  ],
  'an empty table': [tableFrame('A', [], false)],
};

function grafanaFrames(data: GrafanaData, frames: readonly Frame[]) {
  return frames.map((frame) =>
    data.toDataFrame({
      refId: frame.refId,
      fields: frame.fields.map((field) => ({
        name: field.name,
        type: field.type,
        labels: Object.keys(field.labels).length > 0 ? { ...field.labels } : undefined,
        values: [...field.values],
        config: field.legend === undefined ? {} : { displayNameFromDS: field.legend },
      })),
    }),
  );
}

const STEPS: readonly [name: string, ...steps: { id: string; options?: object }[]][] = [
  ['merge', { id: 'merge', options: {} }],
  ['seriesToRows', { id: 'seriesToRows', options: {} }],
  ['joinByField', { id: 'joinByField', options: {} }],
  ['joinByField route', { id: 'joinByField', options: { byField: 'route', mode: 'outer' } }],
  ['joinByField inner', { id: 'joinByField', options: { byField: 'route', mode: 'inner' } }],
  ['seriesToColumns', { id: 'seriesToColumns', options: { byField: 'Time' } }],
  ['labelsToFields', { id: 'labelsToFields', options: {} }],
  ['labelsToFields rows', { id: 'labelsToFields', options: { mode: 'rows' } }],
  ['labelsToFields value', { id: 'labelsToFields', options: { valueLabel: 'route' } }],
  ['labelsToFields keep', { id: 'labelsToFields', options: { keepLabels: ['job'] } }],
  ['reduce', { id: 'reduce', options: { reducers: ['max', 'lastNotNull', 'count'] } }],
  ['reduce labels', { id: 'reduce', options: { reducers: ['mean'], labelsToFields: true } }],
  ['reduce fields', { id: 'reduce', options: { reducers: ['max'], mode: 'reduceFields' } }],
  [
    'organize',
    {
      id: 'organize',
      options: {
        excludeByName: { Time: true },
        indexByName: { Value: 0, route: 1 },
        renameByName: { Value: 'Requests', route: 'Route' },
      },
    },
  ],
  [
    'filterFieldsByName',
    { id: 'filterFieldsByName', options: { include: { names: ['route', 'Value', '/a'] } } },
  ],
  [
    'filterFieldsByName pattern',
    { id: 'filterFieldsByName', options: { exclude: { pattern: '/^(job|\\/b)$/' } } },
  ],
  ['renameByRegex', { id: 'renameByRegex', options: { regex: '(.*)a(.*)', renamePattern: '$1-$2' } }],
  ['sortBy', { id: 'sortBy', options: { sort: [{ field: 'Value', desc: true }] } }],
  ['sortBy text', { id: 'sortBy', options: { sort: [{ field: 'route' }] } }],
  ['limit', { id: 'limit', options: { limitField: 2 } }],
  [
    'calculateField',
    {
      id: 'calculateField',
      options: { mode: 'binary', binary: { left: 'Value', operator: '*', right: '2' }, alias: 'double' },
    },
  ],
  [
    'calculateField row',
    { id: 'calculateField', options: { mode: 'reduceRow', reduce: { reducer: 'sum' } } },
  ],
  [
    'merge and sort a column with holes',
    { id: 'merge' },
    { id: 'sortBy', options: { sort: [{ field: 'Value #B' }] } },
  ],
  [
    'merge and sort it downwards',
    { id: 'merge' },
    { id: 'sortBy', options: { sort: [{ field: 'Value #B', desc: true }] } },
  ],
  [
    'two steps',
    { id: 'merge', options: {} },
    { id: 'sortBy', options: { sort: [{ field: 'route', desc: true }] } },
  ],
];

/**
 * Where the versions differ. Ours is as the pinned 12.4 has it: of several rows with one time the last one counts. An inner join on a
 * column that no frame has ends 12.4's panel with a TypeError; there ours is as 13.2 has it.
 */
const ONLY_IN: Readonly<Record<string, string>> = {
  'joinByField of two tables': '12.4',
  'seriesToColumns of two tables': '12.4',
  'calculateField row of two tables': '12.4',
  'joinByField inner of series with legends': '13.2',
  'joinByField inner of series of unequal times': '13.2',
};

/** A frame as a person sees it: the names of its columns, and its rows. */
const seen = (frames: { names: string[]; values: unknown[][] }[]) =>
  frames.map(({ names, values }) => ({
    names,
    values: values.map((column) => column.map((cell) => cell ?? null)),
  }));

describe.each(GRAFANA)('transformations of Grafana $version', ({ version, data }) => {
  const standard = Object.values(data.standardTransformers);
  data.standardTransformersRegistry.setInit(
    () =>
      // One of them stands in the list under two names.
      [...new Map(standard.map((each) => [each.id, each])).values()].map((transformation) => ({
        id: transformation.id,
        aliasIds: 'aliasIds' in transformation ? transformation.aliasIds : undefined,
        name: transformation.name,
        // Version 13 loads each when it is needed first.
        transformation: version.startsWith('12') ? transformation : async () => transformation,
      })) as never,
  );
  const cases = STEPS.flatMap(([name, ...steps]) =>
    Object.keys(INPUTS).map((input) => ({ name: `${name} of ${input}`, input, steps })),
  );
  it.each(cases.filter(({ name }) => (ONLY_IN[name] ?? version) === version))(
    '$name',
    async ({ input, steps }) => {
      const frames = INPUTS[input] ?? [];
      const theirs = await new Promise<ReturnType<typeof grafanaFrames>>((resolve, reject) => {
        data
          .transformDataFrame(
            steps.map((step) => ({ options: {}, ...step })),
            grafanaFrames(data, frames),
          )
          .subscribe({ next: resolve, error: reject });
      });
      expect(
        seen(
          transform(
            frames,
            steps.map((step) => ({ id: step.id, options: (step.options ?? {}) as never })),
          ).map((frame, _index, all) => ({
            names: frame.fields.map((field) => fieldName(field, frame, all)),
            values: frame.fields.map((field) => [...field.values]),
          })),
        ),
      ).toEqual(
        seen(
          theirs.map((frame) => ({
            names: frame.fields.map((field) => data.getFieldDisplayName(field, frame, theirs)),
            values: frame.fields.map((field) => [...field.values]),
          })),
        ),
      );
    },
  );
});
