import { describe, expect, it } from 'vitest';
import { tickDistances, timeLabels, valueLabels, valueLimits } from '../../../src/app/charts/axes.ts';
import { annotationsAt, kindsOf, nearestMark, shades, thinExemplars } from '../../../src/app/charts/marks.ts';
import { annotationMarks } from '../../../src/app/dashboards/model/annotations.ts';
import { exemplarMarks } from '../../../src/app/dashboards/model/exemplars.ts';
import { readFieldConfigSource } from '../../../src/app/dashboards/model/field-config.ts';
import {
  heatmapModel,
  intensity,
  rowPosition,
  trimEmptyRows,
} from '../../../src/app/dashboards/model/heatmap.ts';
import { nameFields } from '../../../src/app/dashboards/model/name-fields.ts';
import { seriesFrames } from '../../../src/app/dashboards/model/series-frames.ts';
import { stateRows } from '../../../src/app/dashboards/model/state-timeline.ts';
import { legendEntries, spanGaps, timeSeriesModel } from '../../../src/app/dashboards/model/time-series.ts';
import { nextHidden } from '../../../src/app/dashboards/panels/legend-choice.ts';

const grid = { start: 100, end: 140, step: 10 };
const fields = (config: unknown, ...series: [Record<string, string>, number[], number[]][]) =>
  nameFields(
    seriesFrames(
      'A',
      series.map(([labels, times, values]) => ({ labels, times, values })),
      '{{job}}',
    ),
    readFieldConfigSource(config),
  );
const a: [Record<string, string>, number[], number[]] = [
  { job: 'a' },
  [100, 110, 120, 130, 140],
  [1, 2, 3, 4, 5],
];
const b: [Record<string, string>, number[], number[]] = [{ job: 'b' }, [100, 110, 140], [10, 20, 50]];

describe('time series', () => {
  it('puts all series on one time column and leaves gaps as gaps', () => {
    const model = timeSeriesModel(fields({}, a, b), grid);
    expect(model.times).toEqual([100, 110, 120, 130, 140]);
    expect(model.series.map(({ values }) => values)).toEqual([
      [1, 2, 3, 4, 5],
      [10, 20, null, null, 50],
    ]);
  });
  it('keeps a gap that all series share, as when Prometheus was down', () => {
    const model = timeSeriesModel(fields({}, [{ job: 'a' }, [100, 140], [1, 5]]), grid);
    expect(model.series[0]?.drawn).toEqual([1, null, null, null, 5]);
  });
  it('draws infinities and NaN as gaps', () => {
    const values = [1, Number.NaN, Number.POSITIVE_INFINITY, 4, 5];
    expect(
      timeSeriesModel(fields({}, [{ job: 'a' }, [100, 110, 120, 130, 140], values]), grid).series[0]?.drawn,
    ).toEqual([1, null, null, 4, 5]);
  });
  it('stacks each series onto those before it, a gap as nothing added', () => {
    const model = timeSeriesModel(
      fields({ defaults: { custom: { stacking: { mode: 'normal' } } } }, a, b),
      grid,
    );
    expect(model.series.map(({ drawn }) => drawn)).toEqual([
      [1, 2, 3, 4, 5],
      [11, 22, 3, 4, 55],
    ]);
    expect(model.bands).toEqual([[1, 0]]);
    expect(model.series[1]?.values[0]).toBe(10);
  });
  it('shares out one hundred percent', () => {
    const model = timeSeriesModel(
      fields({ defaults: { unit: 's', custom: { stacking: { mode: 'percent' } } } }, a, b),
      grid,
    );
    expect(model.series[1]?.drawn).toEqual([1, 1, 1, 1, 1]);
    expect(model.axes[0]?.unit).toBe('percentunit');
  });
  const c: typeof a = [{ job: 'c' }, [100, 140], [2, 2]];
  it('stacks each group on its own, and shares out only what is stacked', () => {
    const mode = (value: unknown) => [{ id: 'custom.stacking', value }];
    const of = (name: string, value: unknown) => ({
      matcher: { id: 'byName', options: name },
      properties: mode(value),
    });
    const drawn = (overrides: unknown[]) =>
      timeSeriesModel(
        fields({ defaults: { custom: { stacking: { mode: 'normal', group: 'A' } } }, overrides }, a, b, c),
        grid,
      ).series.map((series) => series.drawn);
    expect(drawn([of('a', { mode: 'normal', group: 'B' })])).toEqual([
      [1, 2, 3, 4, 5],
      [10, 20, null, null, 50],
      [12, 20, null, null, 52],
    ]);
    expect(drawn(['b', 'c'].map((name) => of(name, { mode: 'percent', group: 'A' })))).toEqual([
      [1, 2, 3, 4, 5],
      [10 / 12, 1, null, null, 50 / 52],
      [1, 1, null, null, 1],
    ]);
  });
  it('leaves a gap where no series of the stack has a value', () => {
    const late: typeof a = [{ job: 'b' }, [120, 130], [1, 1]];
    const model = timeSeriesModel(
      fields({ defaults: { custom: { stacking: { mode: 'normal' } } } }, late, [{ job: 'c' }, [120], [4]]),
      grid,
    );
    expect(model.series.map((series) => series.drawn)).toEqual([
      [null, null, 1, 1, null],
      [null, null, 5, 1, null],
    ]);
  });
  it('stacks negative series downwards', () => {
    const down: typeof a = [{ job: 'd' }, [100, 110], [-1, -2]];
    const model = timeSeriesModel(
      fields({ defaults: { custom: { stacking: { mode: 'normal' } } } }, a, down, [
        { job: 'e' },
        [100],
        [-3],
      ]),
      grid,
    );
    expect(model.series[2]?.drawn.slice(0, 2)).toEqual([-4, -2]);
    expect(model.bands).toEqual([[2, 1]]);
  });
  it('bridges gaps no longer than asked', () => {
    expect(spanGaps([0, 10, 20, 30], [1, null, 3, null], true)).toEqual([1, 2, 3, null]);
    expect(spanGaps([0, 10, 20, 30], [1, null, null, 4], 25_000)).toEqual([1, null, null, 4]);
  });
  it('gives a second unit an axis on the right', () => {
    const config = {
      defaults: { unit: 'reqps' },
      overrides: [{ matcher: { id: 'byName', options: 'b' }, properties: [{ id: 'unit', value: 's' }] }],
    };
    const { axes, series } = timeSeriesModel(fields(config, a, b), grid);
    expect(axes.map(({ unit, side }) => [unit, side])).toEqual([
      ['reqps', 'left'],
      ['s', 'right'],
    ]);
    expect(series.map(({ axis }) => axis)).toEqual(axes.map(({ id }) => id));
  });
  it('makes threshold lines and areas where they are asked for', () => {
    const config = (mode: string) => ({
      defaults: {
        custom: { thresholdsStyle: { mode } },
        thresholds: {
          steps: [
            { value: null, color: 'green' },
            { value: 3, color: 'red' },
          ],
        },
      },
    });
    expect(timeSeriesModel(fields(config('dashed'), a), grid).lines).toEqual([
      { axis: 'left:', value: 3, color: 'var(--c-red)', dashed: true },
    ]);
    expect(timeSeriesModel(fields(config('area'), a), grid).areas).toHaveLength(2);
    expect(timeSeriesModel(fields(config('off'), a), grid).lines).toEqual([]);
  });
  it('calculates the legend from measured, not from stacked values', () => {
    const model = timeSeriesModel(
      fields({ defaults: { unit: 's', custom: { stacking: { mode: 'normal' } } } }, a, b),
      grid,
    );
    expect(
      legendEntries(model.series, ['mean', 'max']).map(({ label, calcs }) => [
        label,
        ...calcs.map(({ text }) => text),
      ]),
    ).toEqual([
      ['a', '3 s', '5 s'],
      ['b', '26.7 s', '50 s'],
    ]);
  });
});

describe('legend choice', () => {
  const keys = ['x', 'y', 'z'];
  it('shows one alone, then all again', () => {
    const alone = nextHidden(keys, new Set(), 'y', false);
    expect([...alone]).toEqual(['x', 'z']);
    expect([...nextHidden(keys, alone, 'y', false)]).toEqual([]);
  });
  it('hides and shows one with Ctrl', () => {
    const without = nextHidden(keys, new Set(), 'y', true);
    expect([...without]).toEqual(['y']);
    expect([...nextHidden(keys, without, 'y', true)]).toEqual([]);
  });
});

describe('axes', () => {
  const axis = {
    min: undefined,
    max: undefined,
    softMin: undefined,
    softMax: undefined,
    scale: 'linear',
    unit: undefined,
  } as const;
  it('starts at zero, with room above', () => {
    expect(valueLimits(axis, 90, 100)).toEqual([0, 106]);
  });
  it('keeps the dashboard’s limits, and soft ones until the data passes them', () => {
    expect(valueLimits({ ...axis, min: 50, max: 80 }, 90, 100)).toEqual([50, 80]);
    expect(valueLimits({ ...axis, softMax: 200 }, 0, 100)[1]).toBe(212);
    expect(valueLimits({ ...axis, softMax: 50 }, 0, 100)[1]).toBe(106);
  });
  it('never has zero height, and little height for a share that is zero', () => {
    expect(valueLimits(axis, null, null)).toEqual([0, 1]);
    expect(valueLimits({ ...axis, unit: 'percentunit' }, 0, 0)).toEqual([0, 0.01]);
    expect(valueLimits({ ...axis, min: 5, max: 5 }, 5, 5)).toEqual([5, 6]);
  });
  it('writes different ticks differently', () => {
    expect(valueLabels([0, 0.0025, 0.005], 'percentunit', 0)).toEqual(['0.0%', '0.3%', '0.5%']);
  });
  it('shows seconds only where ticks are close, days where they are far apart', () => {
    const noon = Date.UTC(2026, 10, 22, 12) / 1000;
    expect(timeLabels([noon, noon + 10])).toEqual(['12:00:00', '12:00:10']);
    expect(timeLabels([noon, noon + 43_200])).toEqual(['12:00', '11-23']);
    expect(timeLabels([noon, noon + 86_400])).toEqual(['11-22', '11-23']);
  });
});

describe('heatmap', () => {
  const bucket = (le: string, ...values: number[]) => ({ labels: { le }, times: [100, 110], values });
  it('takes what lies between two edges, in order of the edges', () => {
    const model = heatmapModel(
      [bucket('+Inf', 10, 4), bucket('1.0', 9, 4), bucket('0.1', 6, 4)],
      [100, 110, 120],
    );
    expect(model.edges).toEqual([0.1, 1, Number.POSITIVE_INFINITY]);
    expect(model.cells).toEqual([
      [6, 4, null],
      [3, 0, null],
      [1, 0, null],
    ]);
    expect(model.most).toBe(6);
  });
  it('adds up series of one edge and takes 1 and 1.0 for the same', () => {
    expect(heatmapModel([bucket('1', 2, 2), bucket('1.0', 3, 3)], [100]).cells).toEqual([[5]]);
  });
  it('shows a bucket that lags behind the one below it as empty, not as negative', () => {
    expect(heatmapModel([bucket('0.1', 6, 6), bucket('1', 5, 5)], [100]).cells).toEqual([[6], [0]]);
  });
  it('cuts empty rows off and remembers where the first one begins', () => {
    const edges = ['0.1', '0.2', '0.3', '0.4', '0.5', '0.6'].map((le, index) =>
      bucket(le, ...(index < 3 ? [0, 0] : [5, 5])),
    );
    const trimmed = trimEmptyRows(heatmapModel(edges, [100, 110]));
    expect([trimmed.lowest, trimmed.edges]).toEqual([0.2, [0.3, 0.4, 0.5]]);
  });
  it('places a value within its row by proportion', () => {
    const model = heatmapModel([bucket('0.1', 1, 1), bucket('0.3', 2, 2), bucket('+Inf', 3, 3)], [100]);
    expect([0.05, 0.1, 0.2, 5].map((value) => rowPosition(model, value))).toEqual([0.5, 1, 1.5, 2.5]);
  });
  it('lets a single request be seen beside ten thousand', () => {
    expect(intensity(1, 10_000)).toBeGreaterThan(0.1);
    expect([intensity(0, 10), intensity(null, 10), intensity(10, 10)]).toEqual([0, 0, 1]);
  });
});

it('joins equal states and leaves a silence open', () => {
  const config = {
    defaults: {
      mappings: [
        { type: 'value', options: { 0: { text: 'down', color: 'red' }, 1: { text: 'up', color: 'green' } } },
      ],
    },
  };
  const [row] = stateRows(fields(config, [{ job: 'a' }, [100, 110, 120, 150], [1, 1, 0, 1]]), 10, 155_000);
  expect(row?.segments.map(({ from, to, text }) => [from, to, text])).toEqual([
    [100_000, 120_000, 'up'],
    [120_000, 130_000, 'down'],
    [150_000, 155_000, 'up'],
  ]);
});

describe('marks', () => {
  const annotation = {
    name: 'Experiment',
    expr: 'x',
    color: 'orange',
    titleFormat: '{{experiment}}',
    textFormat: '',
    step: undefined,
    useValueForTime: false,
  };
  it('makes one stretch of samples that follow each other, and leaves zeros out', () => {
    const series = [
      { labels: { experiment: 'db' }, times: [100, 110, 120, 130, 160], values: [0, 1, 1, 0, 1] },
    ];
    const marks = annotationMarks(annotation, series, 10);
    expect(marks.map(({ from, to, title }) => [from, to, title])).toEqual([
      [110_000, 120_000, 'db'],
      [160_000, 160_000, 'db'],
    ]);
    expect(annotationsAt(marks, 125_000, 6000)).toHaveLength(1);
    expect(annotationsAt(marks, 140_000, 6000)).toHaveLength(0);
  });
  it('shades what overlaps of one kind once, and names each kind that can be seen', () => {
    const mark = (name: string, from: number, to: number) => ({
      name,
      from,
      to,
      title: '',
      text: '',
      color: '#f00',
    });
    const marks = [
      mark('Alerts', 10, 30),
      mark('Experiments', 5, 40),
      mark('Alerts', 20, 50),
      mark('Alerts', 60, 70),
      mark('Starts', 25, 25),
    ];
    expect(shades(marks).map(({ from, to }) => [from, to])).toEqual([
      [5, 40],
      [10, 50],
      [25, 25],
      [60, 70],
    ]);
    expect(kindsOf(marks, { from: 55, to: 90 }).map(({ name }) => name)).toEqual(['Alerts']);
  });
  it('finds the trace of an exemplar under any of the usual names', () => {
    const exemplar = (labels: Record<string, string>) => ({
      seriesLabels: { __name__: 'x', le: '1', route: '/' },
      labels,
      value: 1,
      time: 5,
    });
    expect(
      exemplarMarks([exemplar({ trace_id: 't' }), exemplar({ traceID: 'u' }), exemplar({})]).map(
        ({ traceId, labels }) => [traceId, labels['route'], labels['le']],
      ),
    ).toEqual([
      ['t', '/', undefined],
      ['u', '/', undefined],
      [undefined, '/', undefined],
    ]);
  });
  it('keeps the slowest exemplar of each cell and drops those outside the picture', () => {
    const mark = (time: number, value: number) => ({ time, value, traceId: `${value}`, labels: {} });
    const kept = thinExemplars(
      [mark(1, 0.1), mark(2, 0.2), mark(3, 5), mark(51, 0.1)],
      { from: 0, to: 100_000 },
      2,
      (value) => (value > 1 ? undefined : 0),
    );
    expect(kept.map(({ value }) => value)).toEqual([0.2, 0.1]);
  });
  it('takes the nearest mark within reach only', () => {
    const marks = [
      { x: 0, y: 0 },
      { x: 5, y: 0 },
    ];
    expect(nearestMark(marks, (mark) => mark, { x: 4, y: 1 }, 9)).toEqual({ x: 5, y: 0 });
    expect(nearestMark(marks, (mark) => mark, { x: 40, y: 1 }, 9)).toBeUndefined();
  });
});

describe('distances between ticks', () => {
  it.each(['bytes', 's'])('of %s ascend, as the chart wants them', (unit) => {
    const distances = tickDistances(unit) ?? [];
    expect(distances.length).toBeGreaterThan(20);
    expect([...distances].sort((a, b) => a - b)).toEqual(distances);
  });
  it('are round in the unit: powers of two of bytes, minutes and hours of seconds, decimal elsewhere', () => {
    expect(tickDistances('bytes')).toContain(64 * 1024 ** 2);
    expect(tickDistances('s')).toEqual(expect.arrayContaining([0.05, 300, 3600, 86_400]));
    expect(tickDistances('s')).not.toContain(500);
    expect(tickDistances('reqps')).toBeUndefined();
  });
});
