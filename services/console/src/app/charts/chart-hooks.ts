/** What happens around a chart's drawing: tooltip, zoom, exemplars under the pointer. */
import type uPlot from 'uplot';
import { dateTime } from '../format/time.ts';
import { formatText } from '../format/units.ts';
import { type ExemplarMark, nearestMark, type Point } from './marks.ts';
import type { ChartProps, Latest } from './Plot.tsx';
import { paintExemplars } from './paint.ts';
import { createTooltip, type Tooltip, type TooltipContent } from './tooltip.ts';

interface Drawing {
  /** Paints under the series and the grid. */
  below?: (plot: uPlot) => void;
  draw: (plot: uPlot) => void;
  /** The pixels from the top at which an exemplar lies; needed where the chart has exemplars. */
  heightOf?: (plot: uPlot, mark: ExemplarMark, canvas: boolean) => number;
  content: (plot: uPlot, pointer: Point) => TooltipContent;
}

export function chartHooks(latest: Latest<ChartProps>, drawing: Drawing): uPlot.Hooks.Arrays {
  const { below = () => {}, draw, heightOf = () => 0, content } = drawing;
  let tooltip: Tooltip | undefined;
  let hovered: ExemplarMark | undefined;
  const place = (plot: uPlot, mark: ExemplarMark, canvas: boolean) => ({
    x: plot.valToPos(mark.time, 'x', canvas),
    y: heightOf(plot, mark, canvas),
  });
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
    drawClear: [below],
    draw: [
      draw,
      (plot) => {
        const { exemplars = [] } = latest.current;
        paintExemplars(plot, exemplars, (mark) => place(plot, mark, true), hovered);
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
        const { left = -1, top = -1 } = plot.cursor;
        // A crosshair led by another chart has no pointer here: the line is enough.
        if (left < 0 || top < 0 || !plot.over.matches(':hover')) return tooltip?.hide();
        const before = hovered;
        const pointer = { x: left, y: top };
        const { exemplars = [] } = latest.current;
        hovered = nearestMark(exemplars, (mark) => place(plot, mark, false), pointer, 9);
        if (before !== hovered) plot.redraw(false, false);
        plot.over.classList.toggle('over-exemplar', hovered !== undefined);
        const size = { width: plot.over.clientWidth, height: plot.over.clientHeight };
        tooltip?.show(hovered ? exemplarContent(hovered) : content(plot, pointer), pointer, size);
      },
    ],
    destroy: [() => tooltip?.remove()],
  };
}

function exemplarContent(mark: ExemplarMark): TooltipContent {
  return {
    title: `${dateTime(mark.time * 1000)} · ${formatText(mark.value, 's')}`,
    rows: Object.entries(mark.labels).map(([label, value]) => ({ color: 'transparent', label, value })),
    notes: mark.traceId === undefined ? ['without a trace'] : ['click to open its trace'],
  };
}
