import type { Cell } from './frame.ts';

/** Numbers by size, texts by alphabet; nothing and NaN come last in either direction. */
export function compareCells(a: Cell, b: Cell, descending = false): number {
  const blank = (cell: Cell) => cell === null || (typeof cell === 'number' && Number.isNaN(cell));
  if (blank(a) || blank(b)) return Number(blank(a)) - Number(blank(b));
  const order =
    typeof a === 'number' && typeof b === 'number'
      ? a - b
      : String(a).localeCompare(String(b), 'en', { numeric: true });
  return descending ? -order : order;
}
