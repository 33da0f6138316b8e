import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import { edgeAt, type HeatmapModel, intensity, rowPosition } from '../dashboards/model/heatmap.ts';
import { clock, dateTime } from '../format/time.ts';
import { formatText } from '../format/units.ts';
import { useThemeVersion } from '../shell/theme.ts';
import { axisWidth, HALF_A_TIME, timeLabels } from './axes.ts';
import { crosshairSync } from './crosshair.ts';
import { type AnnotationMark, type ExemplarMark, nearestMark } from './marks.ts';
import { paintAnnotations, paintExemplars } from './paint.ts';
import { forgetColors, resolveColor, withAlpha } from './resolve-color.ts';
import { createTooltip, type Tooltip } from './tooltip.ts';
import { usePlot } from './use-plot.ts';

interface HeatmapChartProps {
  model: HeatmapModel;
  /** Seconds that one column covers. */
  step: number;
  unit: string | undefined;
  range: { from: number; to: number };
  annotations: readonly AnnotationMark[];
  exemplars: readonly ExemplarMark[];
  crosshair: string;
  onZoom: (from: number, to: number) => void;
  onExemplar: (mark: ExemplarMark) => void;
  label: string;
}

type Latest = { readonly current: HeatmapChartProps };

/** Where requests fell, by duration and time: the darker, the more. Latency's colour. */
export function HeatmapChart(props: HeatmapChartProps) {
  const { model, unit, crosshair, label, annotations, exemplars, range } = props;
  const element = useRef<HTMLDivElement>(null);
  const theme = useThemeVersion();
  const latest = useRef(props);
  latest.current = props;
  const data = useMemo((): uPlot.AlignedData => [[...model.times], model.times.map(() => null)], [model]);
  const plot = usePlot(element, {
    signature: JSON.stringify([theme, crosshair, unit, model.edges]),
    build: () => {
      forgetColors();
      return heatmapOptions(latest);
    },
    data,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: marks and range are read by the hooks while drawing
  useEffect(() => plot.current?.redraw(false, true), [plot, annotations, exemplars, range.from, range.to]);
  return <div ref={element} className="plot" role="img" aria-label={label} />;
}

/** Whole positions, thinned out so that labels keep their distance. */
function rowSplits(rows: number, height: number): number[] {
  const every = Math.max(1, Math.ceil(rows / Math.max(1, height / 20)));
  return Array.from({ length: Math.floor(rows / every) + 1 }, (_, index) => index * every);
}

function heatmapOptions(latest: Latest): Omit<uPlot.Options, 'width' | 'height'> {
  const text = { stroke: resolveColor('var(--ink-3)'), font: '11px "Inter Variable", sans-serif' };
  const none = { show: false };
  const { crosshair } = latest.current;
  return {
    legend: none,
    padding: [8, HALF_A_TIME, 0, 0],
    scales: {
      x: { time: true, range: () => [latest.current.range.from / 1000, latest.current.range.to / 1000] },
      y: { range: () => [0, latest.current.model.edges.length] },
    },
    axes: [
      {
        ...text,
        grid: none,
        ticks: none,
        size: 26,
        gap: 4,
        space: 70,
        values: (_, splits) => timeLabels(splits),
      },
      {
        ...text,
        grid: none,
        ticks: none,
        gap: 6,
        splits: (plot) => rowSplits(latest.current.model.edges.length, plot.over.clientHeight || 150),
        values: (_, splits) =>
          splits.map((position) => formatText(edgeAt(latest.current.model, position), latest.current.unit)),
        size: (_, labels) => axisWidth(labels),
      },
    ],
    series: [{}, { paths: () => null, points: none }],
    cursor: {
      // The other charts would show this one's height at a height that means nothing there.
      y: false,
      drag: { x: true, y: false, setScale: false },
      points: none,
      ...crosshairSync(crosshair),
    },
    hooks: heatmapHooks(latest),
  };
}

function paintCells(plot: uPlot, { model, step }: HeatmapChartProps): void {
  const context = plot.ctx;
  const gap = uPlot.pxRatio;
  const shades = Array.from({ length: 21 }, (_, index) => withAlpha('var(--latency)', index / 20));
  model.cells.forEach((row, position) => {
    const top = plot.valToPos(position + 1, 'y', true);
    const height = plot.valToPos(position, 'y', true) - top - gap;
    row.forEach((cell, column) => {
      const strength = intensity(cell, model.most);
      if (strength === 0) return;
      const at = model.times[column] ?? 0;
      // A sample tells of the step that ends with it.
      const left = Math.max(plot.valToPos(at - step, 'x', true), plot.bbox.left);
      const right = Math.min(plot.valToPos(at, 'x', true), plot.bbox.left + plot.bbox.width);
      if (right <= left) return;
      context.fillStyle = shades[Math.round(strength * 20)] ?? 'transparent';
      context.fillRect(left, top, Math.max(1, right - left - gap), Math.max(1, height));
    });
  });
}

function heatmapHooks(latest: Latest): uPlot.Hooks.Arrays {
  let tooltip: Tooltip | undefined;
  let hovered: ExemplarMark | undefined;
  const place = (plot: uPlot, mark: ExemplarMark, canvas: boolean) => ({
    x: plot.valToPos(mark.time, 'x', canvas),
    y: plot.valToPos(rowPosition(latest.current.model, mark.value), 'y', canvas),
  });
  return {
    ready: [
      (plot) => {
        tooltip = createTooltip(plot.over);
        plot.over.addEventListener('click', () => {
          if (hovered) latest.current.onExemplar(hovered);
        });
        plot.over.addEventListener('mouseleave', () => tooltip?.hide());
      },
    ],
    draw: [
      (plot) => {
        paintCells(plot, latest.current);
        paintAnnotations(plot, latest.current.annotations);
        paintExemplars(plot, latest.current.exemplars, (mark) => place(plot, mark, true), hovered);
      },
    ],
    setSelect: [
      (plot) => {
        const { left, width } = plot.select;
        if (width < 6) return;
        const [from, to] = [plot.posToVal(left, 'x'), plot.posToVal(left + width, 'x')];
        plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
        latest.current.onZoom(from * 1000, to * 1000);
      },
    ],
    setCursor: [
      (plot) => {
        const { left = -1, top = -1 } = plot.cursor;
        if (left < 0 || top < 0 || !plot.over.matches(':hover')) return tooltip?.hide();
        const before = hovered;
        const pointer = { x: left, y: top };
        hovered = nearestMark(latest.current.exemplars, (mark) => place(plot, mark, false), pointer, 9);
        if (before !== hovered) plot.redraw(false, false);
        plot.over.classList.toggle('over-exemplar', hovered !== undefined);
        const content = hovered ? exemplarContent(hovered) : cellContent(plot, latest.current, pointer);
        tooltip?.show(content, pointer, { width: plot.over.clientWidth, height: plot.over.clientHeight });
      },
    ],
    destroy: [() => tooltip?.remove()],
  };
}

function exemplarContent(mark: ExemplarMark) {
  return {
    title: `${dateTime(mark.time * 1000)} · ${formatText(mark.value, 's')}`,
    rows: Object.entries(mark.labels).map(([label, value]) => ({ color: 'transparent', label, value })),
    notes: mark.traceId === undefined ? ['without a trace'] : ['click to open its trace'],
  };
}

function cellContent(
  plot: uPlot,
  { model, step, unit }: HeatmapChartProps,
  pointer: { x: number; y: number },
) {
  const at = plot.posToVal(pointer.x, 'x');
  const column = model.times.findIndex((time) => time >= at);
  const end = model.times[column];
  const row = Math.floor(plot.posToVal(pointer.y, 'y'));
  const bucket = `${formatText(edgeAt(model, row), unit)} to ${formatText(edgeAt(model, row + 1), unit)}`;
  const count = model.cells[row]?.[column];
  const title =
    end === undefined ? dateTime(at * 1000) : `${dateTime((end - step) * 1000)} to ${clock(end * 1000)}`;
  if (count === null || count === undefined) return { title, rows: [], notes: ['no data at this moment'] };
  const value = formatText(count, 'short');
  return { title, rows: [{ color: resolveColor('var(--latency)'), label: bucket, value }], notes: [] };
}
