/** What is drawn over or under a time chart besides its series. */
import type { Color } from '../dashboards/model/colors.ts';

/** Pixels from the chart's upper left corner. */
export interface Point {
  x: number;
  y: number;
}

/** A moment or a stretch of time with a reason: an experiment, a deployment, an alert. */
export interface AnnotationMark {
  /** Milliseconds since the epoch; equal ends make a moment. */
  from: number;
  to: number;
  /** What kind it is of: `Alerts`, `Experiments`. */
  name: string;
  title: string;
  text: string;
  color: Color;
}

/** One measured request with its trace. */
export interface ExemplarMark {
  /** Seconds since the epoch. */
  time: number;
  value: number;
  traceId: string | undefined;
  /** The exemplar's and its series' labels, for the tooltip. */
  labels: Readonly<Record<string, string>>;
}

/** The mark nearest to a place, no further than `reach` pixels away. */
export function nearestMark<T>(
  marks: readonly T[],
  place: (mark: T) => Point,
  pointer: Point,
  reach: number,
): T | undefined {
  let best: T | undefined;
  let bestDistance = reach;
  for (const mark of marks) {
    const { x, y } = place(mark);
    const distance = Math.hypot(x - pointer.x, y - pointer.y);
    if (distance > bestDistance) continue;
    best = mark;
    bestDistance = distance;
  }
  return best;
}

/** What is shaded: two alerts at once are one stretch of alert, not a darker one. Moments stay as they are. */
export function shades(marks: readonly AnnotationMark[]): Pick<AnnotationMark, 'from' | 'to' | 'color'>[] {
  const merged: (Pick<AnnotationMark, 'from' | 'to' | 'color'> & { name: string })[] = [];
  for (const { from, to, color, name } of [...marks].sort((a, b) => a.from - b.from)) {
    const before =
      to > from ? merged.findLast((each) => each.name === name && each.to > each.from) : undefined;
    if (before && from <= before.to) before.to = Math.max(before.to, to);
    else merged.push({ from, to, color, name });
  }
  return merged.map(({ from, to, color }) => ({ from, to, color }));
}

/** The kinds of marks that can be seen in a range, each once, with its colour. */
export function kindsOf(
  marks: readonly AnnotationMark[],
  range: { from: number; to: number },
): Pick<AnnotationMark, 'name' | 'color'>[] {
  const seen = marks.filter(({ from, to }) => to >= range.from && from <= range.to);
  return [...new Map(seen.map(({ name, color }) => [name, { name, color }])).values()];
}

/** Marks whose stretch covers a moment, with room for the pointer. @param at and room in milliseconds. */
export function annotationsAt(marks: readonly AnnotationMark[], at: number, room: number): AnnotationMark[] {
  return marks.filter((mark) => at >= mark.from - room && at <= mark.to + room);
}

/**
 * Too many dots hide the picture: of those that fall into one cell the slowest stays.
 * @param level a value's height as a whole number; undefined where it lies outside the picture.
 */
export function thinExemplars(
  marks: readonly ExemplarMark[],
  range: { from: number; to: number },
  columns: number,
  level: (value: number) => number | undefined,
): ExemplarMark[] {
  const width = (range.to - range.from) / columns;
  const kept = new Map<string, ExemplarMark>();
  for (const mark of marks) {
    const row = level(mark.value);
    if (row === undefined) continue;
    const cell = `${Math.floor((mark.time * 1000 - range.from) / width)} ${row}`;
    const before = kept.get(cell);
    if (!before || before.value < mark.value) kept.set(cell, mark);
  }
  return [...kept.values()].sort((a, b) => a.time - b.time);
}
