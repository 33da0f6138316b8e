import { useMemo } from 'react';
import uPlot from 'uplot';
import { edgeAt, type HeatmapModel, intensity, rowPosition } from '../dashboards/model/heatmap.ts';
import { clock, dateTime } from '../format/time.ts';
import { formatText } from '../format/units.ts';
import { axisWidth, HALF_A_TIME } from './axes.ts';
import { chartHooks } from './chart-hooks.ts';
import { commonOptions, labelText, NOT_SHOWN } from './chart-options.ts';
import { type ChartProps, type Latest, Plot, type PlotOptions } from './Plot.tsx';
import { paintAnnotations } from './paint.ts';
import { resolveColor, withAlpha } from './resolve-color.ts';

interface HeatmapChartProps extends ChartProps {
  model: HeatmapModel;
  /** Seconds that one column covers. */
  step: number;
  unit: string | undefined;
}

/** Where requests fell, by duration and time: the darker, the more. Latency's colour. */
export function HeatmapChart(props: HeatmapChartProps) {
  const { model, unit } = props;
  const data = useMemo((): uPlot.AlignedData => [[...model.times], model.times.map(() => null)], [model]);
  return <Plot chart={props} signature={[unit, model.edges]} build={heatmapOptions} data={data} />;
}

/** Whole positions, thinned out so that labels keep their distance. */
function rowSplits(rows: number, height: number): number[] {
  const every = Math.max(1, Math.ceil(rows / Math.max(1, height / 20)));
  return Array.from({ length: Math.floor(rows / every) + 1 }, (_, index) => index * every);
}

function heatmapOptions(latest: Latest<HeatmapChartProps>): PlotOptions {
  const { x, timeAxis, ...common } = commonOptions(latest);
  return {
    ...common,
    padding: [8, HALF_A_TIME, 0, 0],
    scales: { x, y: { range: () => [0, latest.current.model.edges.length] } },
    axes: [
      timeAxis,
      {
        ...labelText(),
        grid: NOT_SHOWN,
        ticks: NOT_SHOWN,
        gap: 6,
        splits: (plot) => rowSplits(latest.current.model.edges.length, plot.over.clientHeight || 150),
        values: (_, splits) =>
          splits.map((position) => formatText(edgeAt(latest.current.model, position), latest.current.unit)),
        size: (_, labels) => axisWidth(labels),
      },
    ],
    series: [{}, { paths: () => null, points: NOT_SHOWN }],
    hooks: chartHooks(latest, {
      draw: (plot) => {
        paintCells(plot, latest.current);
        paintAnnotations(plot, latest.current.annotations ?? []);
      },
      heightOf: (plot, { value }, canvas) =>
        plot.valToPos(rowPosition(latest.current.model, value), 'y', canvas),
      content: (plot, pointer) => cellContent(plot, latest.current, pointer),
    }),
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
