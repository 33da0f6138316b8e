/** Histogram buckets over time to cells: Prometheus counts are cumulative by `le`, a cell is what lies between two edges. */
import type { Series } from '../../prometheus/result.ts';

export interface HeatmapModel {
  /** Seconds since the epoch. */
  times: readonly number[];
  /** Where the first row begins. */
  lowest: number;
  /** Upper edges, ascending; the last may be +Inf. Row `i` reaches from edge `i - 1` (or `lowest`) to edge `i`. */
  edges: readonly number[];
  /** `cells[row][column]`; null where nothing was measured. */
  cells: readonly (readonly (number | null)[])[];
  /** Largest cell, for the colour scale. */
  most: number;
}

/** Prometheus 2 writes `le="1"`, 3 writes `le="1.0"`. */
export function readEdge(le: string): number {
  return le === '+Inf' ? Number.POSITIVE_INFINITY : Number(le);
}

/**
 * @param series one for each `le`; several series with the same edge are added up.
 * @param times the panel's time column in seconds.
 */
export function heatmapModel(series: readonly Series[], times: readonly number[]): HeatmapModel {
  const byEdge = new Map<number, Map<number, number>>();
  for (const { labels, times: at, values } of series) {
    const edge = readEdge(labels['le'] ?? 'NaN');
    if (Number.isNaN(edge)) continue;
    const column = byEdge.get(edge) ?? new Map<number, number>();
    at.forEach((moment, index) => {
      const value = values[index];
      if (value !== undefined && !Number.isNaN(value)) column.set(moment, (column.get(moment) ?? 0) + value);
    });
    byEdge.set(edge, column);
  }
  const edges = [...byEdge.keys()].sort((a, b) => a - b);
  let most = 0;
  const cells = edges.map((edge, row) => {
    const below = byEdge.get(edges[row - 1] ?? Number.NaN);
    return times.map((at) => {
      const count = byEdge.get(edge)?.get(at);
      if (count === undefined) return null;
      // Scrapes are not atomic: a bucket may be a little behind the one below it.
      const cell = Math.max(0, count - (below?.get(at) ?? 0));
      most = Math.max(most, cell);
      return cell;
    });
  });
  return { times, lowest: 0, edges, cells, most };
}

/** Rows without a single observation at the top and the bottom are left out, except one for orientation. */
export function trimEmptyRows(model: HeatmapModel): HeatmapModel {
  const used = model.cells.map((row) => row.some((cell) => cell !== null && cell > 0));
  const [first, last] = [used.indexOf(true), used.lastIndexOf(true)];
  if (first < 0) return model;
  const [from, to] = [Math.max(0, first - 1), Math.min(used.length, last + 2)];
  const lowest = from === 0 ? model.lowest : (model.edges[from - 1] ?? model.lowest);
  return { ...model, lowest, edges: model.edges.slice(from, to), cells: model.cells.slice(from, to) };
}

/** Strength of a cell's colour, 0 to 1: the square root lets rare, slow requests show beside the many fast ones. */
export function intensity(cell: number | null, most: number): number {
  if (cell === null || cell <= 0 || most <= 0) return 0;
  return 0.12 + 0.88 * Math.sqrt(cell / most);
}

/** A row's edge as an axis position: position 0 is the bottom of the first row. */
export function edgeAt({ edges, lowest }: HeatmapModel, position: number): number {
  return position <= 0 ? lowest : (edges[position - 1] ?? Number.POSITIVE_INFINITY);
}

/** Where a value lies on the ordinal axis of rows: 0 is the bottom edge, 1 the first edge; within a row by proportion. */
export function rowPosition({ edges, lowest }: HeatmapModel, value: number): number {
  const row = edges.findIndex((edge) => value <= edge);
  if (row < 0) return edges.length;
  const [low, high] = [row === 0 ? lowest : (edges[row - 1] ?? 0), edges[row] ?? 0];
  return Number.isFinite(high) && high > low ? row + Math.max(0, (value - low) / (high - low)) : row + 0.5;
}
