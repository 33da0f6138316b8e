import type { Panel, Place } from './panel.ts';

const COLUMNS = 24;

/**
 * Puts panels beside each other in reading order, a new line where the next does not fit. A line is as high as its highest panel, and
 * every panel in it is made as high: ragged edges are holes.
 * @param top the first line's place. @throws Error for a panel wider than the grid, or a line that is not filled.
 */
export function place(panels: readonly Panel[], top: number): { places: readonly Place[]; bottom: number } {
  const places: Place[] = [];
  let y = top;
  for (const line of lines(panels)) {
    const height = Math.max(...line.map((panel) => panel.height));
    let x = 0;
    for (const { width } of line) {
      places.push({ x, y, w: width, h: height });
      x += width;
    }
    y += height;
  }
  return { places, bottom: y };
}

function lines(panels: readonly Panel[]): Panel[][] {
  const found: Panel[][] = [];
  let used = COLUMNS;
  for (const panel of panels) {
    if (panel.width > COLUMNS) throw new Error(`"${panel.title}": expected at most ${COLUMNS} columns`);
    if (used + panel.width > COLUMNS) {
      requireFull(used, found.at(-1));
      found.push([]);
      used = 0;
    }
    found.at(-1)?.push(panel);
    used += panel.width;
  }
  requireFull(used, found.at(-1));
  return found;
}

function requireFull(used: number, line: readonly Panel[] | undefined): void {
  if (used !== COLUMNS)
    throw new Error(`the line that ends with "${line?.at(-1)?.title}" fills ${used} of ${COLUMNS} columns`);
}
