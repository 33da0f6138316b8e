/** Drawing on uPlot's canvas: thresholds and annotations below the series, exemplars above. Pixels are canvas pixels. */
import uPlot from 'uplot';
import type { ThresholdArea, ThresholdLine } from '../dashboards/model/time-series.ts';
import { type AnnotationMark, type ExemplarMark, type Point, shades } from './marks.ts';
import { resolveColor, withAlpha } from './resolve-color.ts';

/** Draws what stays within the plot's area. */
export function clipped(plot: uPlot, draw: (context: CanvasRenderingContext2D) => void): void {
  const { ctx, bbox } = plot;
  ctx.save();
  ctx.beginPath();
  ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
  ctx.clip();
  draw(ctx);
  ctx.restore();
}

const has = (plot: uPlot, scale: string) =>
  plot.scales[scale]?.min !== undefined && plot.scales[scale]?.min !== null;

export function paintThresholdAreas(plot: uPlot, areas: readonly ThresholdArea[]): void {
  clipped(plot, (context) => {
    for (const { axis, from, to, color } of areas) {
      if (!has(plot, axis) || color === 'transparent') continue;
      const { min = 0, max = 0 } = plot.scales[axis] ?? {};
      const top = plot.valToPos(Math.min(to, max ?? to), axis, true);
      const bottom = plot.valToPos(Math.max(from, min ?? from), axis, true);
      context.fillStyle = withAlpha(color, 0.09);
      context.fillRect(plot.bbox.left, top, plot.bbox.width, bottom - top);
    }
  });
}

export function paintThresholdLines(plot: uPlot, lines: readonly ThresholdLine[]): void {
  clipped(plot, (context) => {
    for (const { axis, value, color, dashed } of lines) {
      if (!has(plot, axis)) continue;
      const y = Math.round(plot.valToPos(value, axis, true)) + 0.5;
      context.strokeStyle = resolveColor(color);
      context.lineWidth = uPlot.pxRatio;
      context.setLineDash(dashed ? [6 * uPlot.pxRatio, 4 * uPlot.pxRatio] : []);
      context.beginPath();
      context.moveTo(plot.bbox.left, y);
      context.lineTo(plot.bbox.left + plot.bbox.width, y);
      context.stroke();
    }
  });
}

export function paintAnnotations(plot: uPlot, marks: readonly AnnotationMark[]): void {
  clipped(plot, (context) => {
    for (const { from, to, color } of shades(marks)) {
      const left = plot.valToPos(from / 1000, 'x', true);
      const right = plot.valToPos(to / 1000, 'x', true);
      if (to > from) {
        context.fillStyle = withAlpha(color, 0.12);
        context.fillRect(left, plot.bbox.top, right - left, plot.bbox.height);
      }
      context.strokeStyle = withAlpha(color, 0.8);
      context.lineWidth = uPlot.pxRatio;
      context.setLineDash([3 * uPlot.pxRatio, 3 * uPlot.pxRatio]);
      context.beginPath();
      for (const x of to > from ? [left, right] : [left]) {
        context.moveTo(Math.round(x) + 0.5, plot.bbox.top);
        context.lineTo(Math.round(x) + 0.5, plot.bbox.top + plot.bbox.height);
      }
      context.stroke();
    }
  });
}

/** Diamonds, as Grafana draws them; the one under the pointer is filled. */
export function paintExemplars(
  plot: uPlot,
  marks: readonly ExemplarMark[],
  place: (mark: ExemplarMark) => Point,
  hovered: ExemplarMark | undefined,
): void {
  const ratio = uPlot.pxRatio;
  clipped(plot, (context) => {
    for (const mark of marks) {
      const { x, y } = place(mark);
      const size = (mark === hovered ? 6 : 3.5) * ratio;
      context.beginPath();
      context.moveTo(x, y - size);
      context.lineTo(x + size, y);
      context.lineTo(x, y + size);
      context.lineTo(x - size, y);
      context.closePath();
      context.fillStyle = mark === hovered ? resolveColor('var(--ink)') : resolveColor('var(--surface)');
      context.strokeStyle = resolveColor(mark === hovered ? 'var(--surface)' : 'var(--latency)');
      context.lineWidth = ratio;
      context.fill();
      context.stroke();
    }
  });
}
