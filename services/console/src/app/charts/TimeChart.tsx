import { useMemo } from 'react';
import uPlot from 'uplot';
import type { TimeSeriesModel } from '../dashboards/model/time-series.ts';
import { dateTime } from '../format/time.ts';
import { formatText } from '../format/units.ts';
import { axisWidth, HALF_A_TIME, tickDistances, valueLabels, valueLimits } from './axes.ts';
import { chartHooks } from './chart-hooks.ts';
import { commonOptions, labelText, NOT_SHOWN } from './chart-options.ts';
import { annotationsAt, type Point } from './marks.ts';
import { type ChartProps, type Latest, Plot, type PlotOptions } from './Plot.tsx';
import { paintAnnotations, paintThresholdAreas, paintThresholdLines } from './paint.ts';
import { resolveColor, withAlpha } from './resolve-color.ts';
import type { TooltipRow } from './tooltip.ts';

function distances(unit: string | undefined): Pick<uPlot.Axis, 'incrs'> {
  const incrs = tickDistances(unit);
  return incrs === undefined ? {} : { incrs };
}

export interface TimeChartProps extends ChartProps {
  model: TimeSeriesModel;
  /** Keys of series not to draw. */
  hidden?: ReadonlySet<string>;
}

const NO_KEYS: ReadonlySet<string> = new Set();
const MOST_ROWS = 14;

/** A time series panel's picture: lines, bars, points, stacks, thresholds, annotations, exemplars. */
export function TimeChart(props: TimeChartProps) {
  const { model, hidden = NO_KEYS } = props;
  const data = useMemo(
    (): uPlot.AlignedData => [[...model.times], ...model.series.map(({ drawn }) => [...drawn])],
    [model],
  );
  const signature = [
    [...hidden],
    model.axes,
    model.bands,
    model.series.map(({ key, color, axis, config }) => [key, color, axis, config.custom]),
  ];
  return <Plot chart={props} signature={signature} build={plotOptions} data={data} />;
}

function plotOptions(latest: Latest<TimeChartProps>): PlotOptions {
  const { model, hidden = NO_KEYS } = latest.current;
  const grid = { stroke: resolveColor('var(--line)'), width: 1 };
  const text = labelText();
  const { x, timeAxis, cursor, ...common } = commonOptions(latest);
  return {
    ...common,
    padding: [8, HALF_A_TIME, 0, 0],
    scales: {
      x,
      ...Object.fromEntries(
        model.axes.map((axis): [string, uPlot.Scale] => [
          axis.id,
          {
            distr: axis.scale === 'log' ? 3 : 1,
            range: (_, min, max) => valueLimits(axis, min, max),
          },
        ]),
      ),
    },
    axes: [
      { ...timeAxis, grid, ticks: { ...grid, size: 4 } },
      ...model.axes.map(
        (axis, index): uPlot.Axis => ({
          ...text,
          scale: axis.id,
          side: axis.side === 'right' ? 1 : 3,
          show: !axis.hidden,
          grid: index === 0 ? grid : NOT_SHOWN,
          ticks: NOT_SHOWN,
          gap: 6,
          space: 34,
          ...distances(axis.unit),
          values: (_, splits) => valueLabels(splits, axis.unit, undefined),
          size: (_, labels) => axisWidth(labels),
          ...(axis.label === '' ? {} : { label: axis.label, labelSize: 18, labelFont: text.font }),
        }),
      ),
    ],
    series: [{}, ...model.series.map((series) => seriesOptions(series, hidden))],
    bands: model.bands.map(([upper, lower]) => ({
      series: [upper + 1, lower + 1] as [number, number],
      fill: withAlpha(
        model.series[upper]?.color ?? 'var(--c-slate)',
        (model.series[upper]?.config.custom.fillOpacity ?? 20) / 100,
      ),
    })),
    cursor: { ...cursor, points: { size: 6 } },
    hooks: chartHooks(latest, {
      below: (plot) => {
        paintThresholdAreas(plot, latest.current.model.areas);
        paintAnnotations(plot, latest.current.annotations ?? []);
      },
      draw: (plot) => paintThresholdLines(plot, latest.current.model.lines),
      heightOf: (plot, mark, canvas) => plot.valToPos(mark.value, exemplarAxis(latest.current.model), canvas),
      content: (plot, pointer) => seriesContent(plot, latest.current, pointer),
    }),
  };
}

/** Exemplars are durations: they lie on the axis of seconds, where there is one. */
function exemplarAxis({ axes }: TimeSeriesModel): string {
  return (axes.find(({ unit }) => unit === 's') ?? axes[0])?.id ?? 'y';
}

function seriesOptions(
  { config, color, axis, key, label }: TimeSeriesModel['series'][number],
  hidden: ReadonlySet<string>,
): uPlot.Series {
  const { custom } = config;
  const lines = {
    linear: uPlot.paths.linear?.(),
    smooth: uPlot.paths.spline?.(),
    stepBefore: uPlot.paths.stepped?.({ align: -1 }),
    stepAfter: uPlot.paths.stepped?.({ align: 1 }),
  };
  const paths =
    custom.drawStyle === 'bars'
      ? uPlot.paths.bars?.({ size: [0.85, 60] })
      : custom.drawStyle === 'points'
        ? () => null
        : lines[custom.lineInterpolation];
  const opacity = custom.drawStyle === 'bars' ? Math.max(custom.fillOpacity, 60) : custom.fillOpacity;
  return {
    label,
    scale: axis,
    show: !hidden.has(key),
    stroke: resolveColor(color),
    width: custom.drawStyle === 'bars' ? 0 : custom.lineWidth,
    points:
      custom.drawStyle === 'points' ? { show: true, size: 4 } : { show: true, size: 4, filter: isolated },
    spanGaps: false,
    ...(paths ? { paths } : {}),
    ...(opacity > 0 ? { fill: withAlpha(color, opacity / 100) } : {}),
    ...(custom.lineDash ? { dash: [...custom.lineDash] } : {}),
  };
}

/** Only measurements between two gaps need a point: no line reaches them. */
function isolated(plot: uPlot, series: number): number[] {
  const values = plot.data[series] ?? [];
  const found: number[] = [];
  for (let index = 0; index < values.length; index += 1)
    if (values[index] != null && values[index - 1] == null && values[index + 1] == null) found.push(index);
  return found;
}

/** Every series' value at the pointer's moment, the largest first; the one nearest to the pointer stands out. */
function seriesContent(
  plot: uPlot,
  { model, hidden = NO_KEYS, annotations = [], range }: TimeChartProps,
  pointer: Point,
) {
  const index = plot.cursor.idx ?? null;
  const at = plot.posToVal(pointer.x, 'x') * 1000;
  const notes = annotationsAt(annotations, at, (range.to - range.from) / 150).map(({ title, text }) =>
    text === '' ? title : `${title}: ${text}`,
  );
  const time = index === null ? at : (model.times[index] ?? 0) * 1000;
  if (index === null) return { title: dateTime(time), rows: [], notes };
  const entries = model.series
    .filter(({ key, values }) => !hidden.has(key) && typeof values[index] === 'number')
    .map((series) => ({
      series,
      value: series.values[index] ?? 0,
      distance: Math.abs(plot.valToPos(series.drawn[index] ?? 0, series.axis) - pointer.y),
    }))
    .sort((a, b) => b.value - a.value);
  const nearest = entries.reduce((least, entry) => Math.min(least, entry.distance), 40);
  const rows = entries.slice(0, MOST_ROWS).map(({ series, value, distance }): TooltipRow => {
    const { unit, decimals } = series.config;
    return {
      color: resolveColor(series.color),
      label: series.label,
      value: formatText(value, unit, decimals),
      strong: entries.length > 1 && distance === nearest,
    };
  });
  if (entries.length > MOST_ROWS) notes.push(`and ${entries.length - MOST_ROWS} more`);
  if (entries.length === 0) notes.push('no data at this moment');
  return { title: dateTime(time), rows, notes };
}
