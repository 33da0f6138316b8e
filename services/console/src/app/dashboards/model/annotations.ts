import type { AnnotationMark } from '../../charts/marks.ts';
import type { Series } from '../../prometheus/result.ts';
import { namedColor } from './colors.ts';
import type { Annotation } from './panel.ts';
import { fillLegend } from './series-frames.ts';

/** A mark for each stretch of samples that are not zero; samples further apart than a step and a half begin a new one. */
export function annotationMarks(
  annotation: Annotation,
  series: readonly Series[],
  stepSeconds: number,
): AnnotationMark[] {
  return series.flatMap(({ labels, times, values }) => {
    const marks: { from: number; to: number }[] = [];
    times.forEach((time, index) => {
      const value = values[index] ?? Number.NaN;
      if (Number.isNaN(value) || value === 0) return;
      if (annotation.useValueForTime) {
        if (marks.at(-1)?.from !== value) marks.push({ from: value, to: value });
        return;
      }
      const at = time * 1000;
      const last = marks.at(-1);
      if (last && at - last.to <= stepSeconds * 1500) last.to = at;
      else marks.push({ from: at, to: at });
    });
    const words = {
      name: annotation.name,
      title: fillLegend(annotation.titleFormat, labels) || annotation.name,
      text: fillLegend(annotation.textFormat, labels),
      color: namedColor(annotation.color),
    };
    return marks.map((mark) => ({ ...mark, ...words }));
  });
}
