import { useEffect, useMemo, useRef } from 'react';
import uPlot from 'uplot';
import type { StateRow } from '../dashboards/model/state-timeline.ts';
import { clock } from '../format/time.ts';
import { useThemeVersion } from '../shell/theme.ts';
import { axisWidth, HALF_A_TIME, timeLabels } from './axes.ts';
import { crosshairSync } from './crosshair.ts';
import { forgetColors, resolveColor } from './resolve-color.ts';
import { createTooltip, type Tooltip } from './tooltip.ts';
import { usePlot } from './use-plot.ts';

interface StateChartProps {
  rows: readonly StateRow[];
  range: { from: number; to: number };
  crosshair: string;
  onZoom: (from: number, to: number) => void;
  label: string;
}

type Latest = { readonly current: StateChartProps };

/** States over time, a row a series; the word stands in the bar where it fits. */
export function StateChart(props: StateChartProps) {
  const { rows, crosshair, label, range } = props;
  const element = useRef<HTMLDivElement>(null);
  const theme = useThemeVersion();
  const latest = useRef(props);
  latest.current = props;
  const data = useMemo((): uPlot.AlignedData => {
    const times = [...new Set(rows.flatMap((row) => row.segments.map(({ from }) => from / 1000)))].sort(
      (a, b) => a - b,
    );
    return [times, times.map(() => null)];
  }, [rows]);
  const plot = usePlot(element, {
    signature: JSON.stringify([theme, crosshair, rows.map((row) => row.label)]),
    build: () => {
      forgetColors();
      return stateOptions(latest);
    },
    data,
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: rows and range are read by the hooks while drawing
  useEffect(() => plot.current?.redraw(false, true), [plot, rows, range.from, range.to]);
  return <div ref={element} className="plot" role="img" aria-label={label} />;
}

function stateOptions(latest: Latest): Omit<uPlot.Options, 'width' | 'height'> {
  const none = { show: false };
  const text = { font: '11px "Inter Variable", sans-serif' };
  const { crosshair } = latest.current;
  const count = () => latest.current.rows.length;
  const short = (name: string) => (name.length > 22 ? `${name.slice(0, 21)}…` : name);
  return {
    legend: none,
    padding: [4, HALF_A_TIME, 0, 0],
    scales: {
      x: { time: true, range: () => [latest.current.range.from / 1000, latest.current.range.to / 1000] },
      y: { range: () => [0, Math.max(1, count())], dir: -1 },
    },
    axes: [
      {
        ...text,
        stroke: resolveColor('var(--ink-3)'),
        grid: none,
        ticks: none,
        size: 26,
        gap: 4,
        space: 70,
        values: (_, splits) => timeLabels(splits),
      },
      {
        ...text,
        stroke: resolveColor('var(--ink-2)'),
        grid: none,
        ticks: none,
        gap: 6,
        splits: () => latest.current.rows.map((_, index) => index + 0.5),
        values: (_, splits) => splits.map((at) => short(latest.current.rows[Math.floor(at)]?.label ?? '')),
        size: (_, labels) => axisWidth(labels),
      },
    ],
    series: [{}, { paths: () => null, points: none }],
    cursor: {
      drag: { x: true, y: false, setScale: false },
      points: none,
      y: false,
      ...crosshairSync(crosshair),
    },
    hooks: stateHooks(latest),
  };
}

function paintStates(plot: uPlot, rows: readonly StateRow[]): void {
  const { ctx, bbox } = plot;
  const ratio = uPlot.pxRatio;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  ctx.font = `${11 * ratio}px "Inter Variable", sans-serif`;
  ctx.textBaseline = 'middle';
  ctx.textAlign = 'left';
  rows.forEach((row, index) => {
    const top = plot.valToPos(index, 'y', true) + 2 * ratio;
    const height = plot.valToPos(index + 1, 'y', true) - top - 2 * ratio;
    for (const { from, to, text, color } of row.segments) {
      const left = Math.max(bbox.left, plot.valToPos(from / 1000, 'x', true));
      const width = plot.valToPos(to / 1000, 'x', true) - left;
      if (width <= 0) continue;
      ctx.fillStyle = resolveColor(color);
      ctx.fillRect(left, top, Math.max(1, width), height);
      const room = width - 10 * ratio;
      if (ctx.measureText(text).width > room) continue;
      ctx.fillStyle = resolveColor('var(--on-tone)');
      ctx.fillText(text, left + 5 * ratio, top + height / 2);
    }
  });
  ctx.restore();
}

function stateHooks(latest: Latest): uPlot.Hooks.Arrays {
  let tooltip: Tooltip | undefined;
  return {
    ready: [
      (plot) => {
        tooltip = createTooltip(plot.over);
        plot.over.addEventListener('mouseleave', () => tooltip?.hide());
      },
    ],
    draw: [(plot) => paintStates(plot, latest.current.rows)],
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
        const at = plot.posToVal(left, 'x') * 1000;
        const row = latest.current.rows[Math.floor(plot.posToVal(top, 'y'))];
        const segment = row?.segments.find(({ from, to }) => at >= from && at < to);
        const size = { width: plot.over.clientWidth, height: plot.over.clientHeight };
        const content = segment
          ? {
              title: `${clock(segment.from)} to ${clock(segment.to)}`,
              rows: [{ color: resolveColor(segment.color), label: row?.label ?? '', value: segment.text }],
              notes: [],
            }
          : { title: clock(at), rows: [], notes: [`${row?.label ?? ''}: no data at this moment`] };
        tooltip?.show(content, { x: left, y: top }, size);
      },
    ],
    destroy: [() => tooltip?.remove()],
  };
}
