import type { Cell, Field } from '../frame.ts';
import { madeOf, rowCount, type Transform } from './transformation.ts';

type Row = Map<string, Cell>;

/** Two rows fit where no column has another value in each of them. */
function fits(existing: Row, row: Row): boolean {
  return [...row].every(([name, value]) => {
    const known = existing.get(name) ?? null;
    return known === null || known === value;
  });
}

/** Puts all tables into one. Rows that agree in the columns that all tables have, and contradict nowhere, become one row. */
export const merge: Transform = (frames) => {
  if (frames.length < 2) return [...frames];
  const filled = frames.filter(({ fields }) => fields.length > 0);
  if (filled.length === 0) return frames.slice(0, 1);
  const columns = new Map<string, Field>();
  for (const field of filled.flatMap(({ fields }) => fields))
    if (!columns.has(field.name)) columns.set(field.name, { ...field, labels: {}, title: undefined });
  const keys = [...columns.keys()].filter((name) =>
    filled.every(({ fields }) => fields.some((field) => field.name === name)),
  );
  if (keys.length === 0) return [...frames];
  const rows: { cells: Row }[] = [];
  const byKey = new Map<string, { cells: Row }[]>();
  for (const frame of filled)
    for (let index = 0; index < rowCount(frame); index += 1) {
      const cells: Row = new Map(frame.fields.map((field) => [field.name, field.values[index] ?? null]));
      const key = keys.map((name) => String(cells.get(name))).join('');
      const same = byKey.get(key) ?? [];
      const fitting = same.filter((row) => fits(row.cells, cells));
      for (const row of fitting) row.cells = new Map([...row.cells, ...cells]);
      if (fitting.length > 0) continue;
      const added = { cells };
      rows.push(added);
      byKey.set(key, [...same, added]);
    }
  const fields = [...columns].map(([name, field]) => ({
    ...field,
    values: rows.map(({ cells }) => cells.get(name) ?? null),
  }));
  return [{ refId: madeOf('merge', filled), fields }];
};
