import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import type { TimeSeriesModel } from '../dashboards/model/time-series.ts';
import { dateTime } from '../format/time.ts';
import { formatText } from '../format/units.ts';
import { useThemeVersion } from '../shell/theme.ts';
import { axisWidth, HALF_A_TIME, tickDistances, timeLabels, valueLabels, valueLimits } from './axes.ts';
import { crosshairSync } from './crosshair.ts';
import { type AnnotationMark, annotationsAt, type ExemplarMark, nearestMark } from './marks.ts';
import { paintAnnotations, paintExemplars, paintThresholdAreas, paintThresholdLines } from './paint.ts';
import { forgetColors, resolveColor, withAlpha } from './resolve-color.ts';
import { createTooltip, type Tooltip, type TooltipRow } from './tooltip.ts';
import { usePlot } from './use-plot.ts';

function distances(unit: string | undefined): Pick<uPlot.Axis, 'incrs'> {
  const incrs = tickDistances(unit);
  return incrs === undefined ? {} : { incrs };
}

export interface TimeChartProps {
  model: TimeSeriesModel;
  /** Milliseconds since the epoch: the whole range is shown, also where there is no data. */
  range: { from: number; to: number };
  /** Keys of series not to draw. */
  hidden?: ReadonlySet<string>;
  annotations?: readonly AnnotationMark[];
  exemplars?: readonly ExemplarMark[];
  /** Charts with the same name share their crosshair. */
  crosshair?: string;
  onZoom?: (from: number, to: number) => void;
  onExemplar?: (mark: ExemplarMark) => void;
  /** For those who do not see the picture. */
  label: string;
}

const NONE: readonly never[] = [];
const NO_KEYS: ReadonlySet<string> = new Set();
const MOST_ROWS = 14;

/** A time series panel's picture: lines, bars, points, stacks, thresholds, annotations, exemplars. */
export function TimeChart(props: TimeChartProps) {
  const { model, hidden = NO_KEYS, crosshair = '', label } = props;
  const element = useRef<HTMLDivElement>(null);
  const theme = useThemeVersion();
  const latest = useRef(props);
  latest.current = props;
  const data = useMemo(
    (): uPlot.AlignedData => [[...model.times], ...model.series.map(({ drawn }) => [...drawn])],
    [model],
  );
  const signature = JSON.stringify([
    theme,
    crosshair,
    [...hidden],
    model.axes,
    model.bands,
    model.series.map(({ key, color, axis, config }) => [key, color, axis, config.custom]),
  ]);
  const build = () => {
    forgetColors();
    return plotOptions(latest);
  };
  const plot = usePlot(element, { signature, build, data });
  const { annotations, exemplars, range } = props;
  // biome-ignore lint/correctness/useExhaustiveDependencies: marks and range are read by the hooks while drawing
  useEffect(() => plot.current?.redraw(false, true), [plot, annotations, exemplars, range.from, range.to]);
  return <div ref={element} className="plot" role="img" aria-label={label} />;
}

type Latest = { readonly current: TimeChartProps };

function plotOptions(latest: Latest): Omit<uPlot.Options, 'width' | 'height'> {
  const { model, hidden = NO_KEYS, crosshair } = latest.current;
  const grid = { stroke: resolveColor('var(--line)'), width: 1 };
  const text = { stroke: resolveColor('var(--ink-3)'), font: '11px "Inter Variable", sans-serif' };
  return {
    legend: { show: false },
    padding: [8, HALF_A_TIME, 0, 0],
    scales: {
      x: {
        time: true,
        range: () => [latest.current.range.from / 1000, latest.current.range.to / 1000],
      },
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
      {
        ...text,
        grid,
        ticks: { ...grid, size: 4 },
        size: 26,
        gap: 4,
        space: 70,
        values: (_, splits) => timeLabels(splits),
      },
      ...model.axes.map(
        (axis, index): uPlot.Axis => ({
          ...text,
          scale: axis.id,
          side: axis.side === 'right' ? 1 : 3,
          show: !axis.hidden,
          grid: index === 0 ? grid : { show: false },
          ticks: { show: false },
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
    cursor: {
      // The other charts would show this one's height at a height that means nothing there.
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: { size: 6 },
      ...crosshairSync(crosshair ?? ''),
    },
    hooks: chartHooks(latest),
  };
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

/** What happens around the drawing: marks, tooltip, zoom, exemplars under the pointer. */
function chartHooks(latest: Latest): uPlot.Hooks.Arrays {
  let tooltip: Tooltip | undefined;
  let hovered: ExemplarMark | undefined;
  const place = (plot: uPlot, mark: ExemplarMark, canvas: boolean) => {
    const axis =
      latest.current.model.axes.find(({ unit }) => unit === 's')?.id ??
      latest.current.model.axes[0]?.id ??
      'y';
    return { x: plot.valToPos(mark.time, 'x', canvas), y: plot.valToPos(mark.value, axis, canvas) };
  };
  return {
    ready: [
      (plot) => {
        tooltip = createTooltip(plot.over);
        plot.over.addEventListener('click', () => {
          if (hovered) latest.current.onExemplar?.(hovered);
        });
        plot.over.addEventListener('mouseleave', () => tooltip?.hide());
      },
    ],
    drawClear: [
      (plot) => {
        paintThresholdAreas(plot, latest.current.model.areas);
        paintAnnotations(plot, latest.current.annotations ?? NONE);
      },
    ],
    draw: [
      (plot) => {
        paintThresholdLines(plot, latest.current.model.lines);
        const marks = latest.current.exemplars ?? NONE;
        paintExemplars(plot, marks, (mark) => place(plot, mark, true), hovered);
      },
    ],
    setSelect: [
      (plot) => {
        const { left, width } = plot.select;
        if (width < 6) return;
        const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        latest.current.onZoom?.(from * 1000, to * 1000);
      },
    ],
    setCursor: [
      (plot) => {
        const { left = -1, top = -1, idx } = plot.cursor;
        // A crosshair led by another chart has no pointer here: the line is enough.
        if (left < 0 || top < 0 || !plot.over.matches(':hover')) {
          tooltip?.hide();
          return;
        }
        const marks = latest.current.exemplars ?? NONE;
        const before = hovered;
        hovered = nearestMark(marks, (mark) => place(plot, mark, false), { x: left, y: top }, 9);
        if (before !== hovered) plot.redraw(false, false);
        plot.over.classList.toggle('over-exemplar', hovered !== undefined);
        const size = { width: plot.over.clientWidth, height: plot.over.clientHeight };
        const content = hovered
          ? exemplarContent(hovered)
          : seriesContent(latest.current, idx ?? null, plot.posToVal(left, 'x') * 1000, plot);
        tooltip?.show(content, { x: left, y: top }, size);
      },
    ],
    destroy: [() => tooltip?.remove()],
  };
}

function exemplarContent(mark: ExemplarMark) {
  const rows = Object.entries(mark.labels).map(([label, value]) => ({ color: 'transparent', label, value }));
  return {
    title: `${dateTime(mark.time * 1000)} · ${formatText(mark.value, 's')}`,
    rows,
    notes: mark.traceId === undefined ? ['without a trace'] : ['click to open its trace'],
  };
}

/** Every series' value at the pointer's moment, the largest first; the one nearest to the pointer stands out. */
function seriesContent(
  { model, hidden = NO_KEYS, annotations = NONE, range }: TimeChartProps,
  index: number | null,
  at: number,
  plot: uPlot,
) {
  const notes = annotationsAt(annotations, at, (range.to - range.from) / 150).map(({ title, text }) =>
    text === '' ? title : `${title}: ${text}`,
  );
  const time = index === null ? at : (model.times[index] ?? 0) * 1000;
  if (index === null) return { title: dateTime(time), rows: [], notes };
  const pointer = plot.cursor.top ?? 0;
  const entries = model.series
    .filter(({ key, values }) => !hidden.has(key) && typeof values[index] === 'number')
    .map((series) => ({
      series,
      value: series.values[index] ?? 0,
      distance: Math.abs(plot.valToPos(series.drawn[index] ?? 0, series.axis) - pointer),
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
