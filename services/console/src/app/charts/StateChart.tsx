import { useMemo } from 'react';
import uPlot from 'uplot';
import type { StateRow } from '../dashboards/model/state-timeline.ts';
import { clock } from '../format/time.ts';
import { axisWidth, HALF_A_TIME } from './axes.ts';
import { chartHooks } from './chart-hooks.ts';
import { commonOptions, labelText, NOT_SHOWN } from './chart-options.ts';
import type { Point } from './marks.ts';
import { type ChartProps, type Latest, Plot, type PlotOptions } from './Plot.tsx';
import { clipped } from './paint.ts';
import { resolveColor } from './resolve-color.ts';
import type { TooltipContent } from './tooltip.ts';

interface StateChartProps extends ChartProps {
  rows: readonly StateRow[];
}

/** States over time, a row a series; the word stands in the bar where it fits. */
export function StateChart(props: StateChartProps) {
  const { rows } = props;
  const data = useMemo((): uPlot.AlignedData => {
    const times = [...new Set(rows.flatMap((row) => row.segments.map(({ from }) => from / 1000)))].sort(
      (a, b) => a - b,
    );
    return [times, times.map(() => null)];
  }, [rows]);
  return <Plot chart={props} signature={rows.map((row) => row.label)} build={stateOptions} data={data} />;
}

function stateOptions(latest: Latest<StateChartProps>): PlotOptions {
  const { x, timeAxis, ...common } = commonOptions(latest);
  const short = (name: string) => (name.length > 22 ? `${name.slice(0, 21)}…` : name);
  return {
    ...common,
    padding: [4, HALF_A_TIME, 0, 0],
    scales: { x, y: { range: () => [0, Math.max(1, latest.current.rows.length)], dir: -1 } },
    axes: [
      timeAxis,
      {
        ...labelText('var(--ink-2)'),
        grid: NOT_SHOWN,
        ticks: NOT_SHOWN,
        gap: 6,
        splits: () => latest.current.rows.map((_, index) => index + 0.5),
        values: (_, splits) => splits.map((at) => short(latest.current.rows[Math.floor(at)]?.label ?? '')),
        size: (_, labels) => axisWidth(labels),
      },
    ],
    series: [{}, { paths: () => null, points: NOT_SHOWN }],
    hooks: chartHooks(latest, {
      draw: (plot) => paintStates(plot, latest.current.rows),
      content: (plot, pointer) => stateContent(plot, latest.current.rows, pointer),
    }),
  };
}

function paintStates(plot: uPlot, rows: readonly StateRow[]): void {
  const { bbox } = plot;
  const ratio = uPlot.pxRatio;
  clipped(plot, (context) => {
    context.font = `${11 * ratio}px "Inter Variable", sans-serif`;
    context.textBaseline = 'middle';
    context.textAlign = 'left';
    rows.forEach((row, index) => {
      const top = plot.valToPos(index, 'y', true) + 2 * ratio;
      const height = plot.valToPos(index + 1, 'y', true) - top - 2 * ratio;
      for (const { from, to, text, color } of row.segments) {
        const left = Math.max(bbox.left, plot.valToPos(from / 1000, 'x', true));
        const width = plot.valToPos(to / 1000, 'x', true) - left;
        if (width <= 0) continue;
        context.fillStyle = resolveColor(color);
        context.fillRect(left, top, Math.max(1, width), height);
        const room = width - 10 * ratio;
        if (context.measureText(text).width > room) continue;
        context.fillStyle = resolveColor('var(--on-tone)');
        context.fillText(text, left + 5 * ratio, top + height / 2);
      }
    });
  });
}

function stateContent(plot: uPlot, rows: readonly StateRow[], pointer: Point): TooltipContent {
  const at = plot.posToVal(pointer.x, 'x') * 1000;
  const row = rows[Math.floor(plot.posToVal(pointer.y, 'y'))];
  const segment = row?.segments.find(({ from, to }) => at >= from && at < to);
  const label = row?.label ?? '';
  if (!segment) return { title: clock(at), rows: [], notes: [`${label}: no data at this moment`] };
  return {
    title: `${clock(segment.from)} to ${clock(segment.to)}`,
    rows: [{ color: resolveColor(segment.color), label, value: segment.text }],
    notes: [],
  };
}
