/** The parts of uPlot's options that are the same in every chart over time. */
import type uPlot from 'uplot';
import { timeLabels } from './axes.ts';
import { crosshairSync } from './crosshair.ts';
import type { ChartProps, Latest } from './Plot.tsx';
import { resolveColor } from './resolve-color.ts';

export const NOT_SHOWN = { show: false };

export function labelText(color = 'var(--ink-3)') {
  return { stroke: resolveColor(color), font: '11px "Inter Variable", sans-serif' };
}

export function commonOptions(latest: Latest<ChartProps>) {
  const x: uPlot.Scale = {
    time: true,
    range: () => [latest.current.range.from / 1000, latest.current.range.to / 1000],
  };
  const timeAxis: uPlot.Axis = {
    ...labelText(),
    grid: NOT_SHOWN,
    ticks: NOT_SHOWN,
    size: 26,
    gap: 4,
    space: 70,
    values: (_, splits) => timeLabels(splits),
  };
  const cursor: uPlot.Cursor = {
    // The other charts would show this one's height at a height that means nothing there.
    y: false,
    drag: { x: true, y: false, setScale: false },
    points: NOT_SHOWN,
    ...crosshairSync(latest.current.crosshair ?? ''),
  };
  return { legend: NOT_SHOWN, x, timeAxis, cursor };
}
