import type { Panel } from './panel.ts';

/** CSS grid lines, counted from 1. */
export interface GridPlace {
  column: number;
  width: number;
  row: number;
  height: number;
  /** Of two columns on a narrow screen. */
  narrow: 1 | 2;
}

/** Panels' places relative to their row's first line; a row pulls its panels up to its own top. */
export function placePanels(panels: readonly Panel[]): { panel: Panel; place: GridPlace }[] {
  const top = Math.min(...panels.map(({ grid }) => grid.y));
  return panels.map((panel) => {
    const { x, y, w, h } = panel.grid;
    return {
      panel,
      place: { column: x + 1, width: w, row: y - top + 1, height: h, narrow: w <= 6 && h <= 5 ? 1 : 2 },
    };
  });
}
