import type { Cell, Field, Frame } from '../frame.ts';
import { optionalText, text } from '../read.ts';
import { named } from './choose-fields.ts';
import { madeOf, type Transform } from './transformation.ts';

interface Side {
  key: Field;
  others: readonly Field[];
}

/** Joins frames on one column: all keys (`outer`), those that all have (`inner`), or all rows (`outerTabular`). */
export const joinByField: Transform = (frames, options) => {
  if (frames.length < 2) return [...frames];
  const byField = optionalText(options['byField']);
  const isKey = (field: Field, frame: Frame) =>
    byField === undefined ? field.type === 'time' : named([byField])(field, frame, frames);
  const sides = frames.flatMap((frame): Side[] => {
    const key = frame.fields.find((field) => isKey(field, frame));
    return key === undefined ? [] : [{ key, others: frame.fields.filter((field) => field !== key) }];
  });
  const [first] = sides;
  if (first === undefined) return [{ refId: madeOf('joinByField', frames), fields: [] }];
  const mode = text(options['mode'], 'outer');
  const columns = mode === 'outer' ? align(sides) : joinRows(sides, mode === 'outerTabular');
  const fields = [first.key, ...sides.flatMap(({ others }) => others)];
  return [
    {
      refId: madeOf('joinByField', frames),
      fields: numbered(fields).map((field, index) => ({ ...field, values: columns[index] ?? [] })),
    },
  ];
};

/** Numbers the times beside the key where there are several: `Time 1`, `Time 2`. */
function numbered(fields: readonly Field[]): Field[] {
  return fields.map((field, index) => {
    const twins = fields.filter(({ name }) => name === field.name);
    if (index === 0 || field.type !== 'time' || twins.length < 2) return field;
    return { ...field, title: `${field.name} ${twins.indexOf(field) + 1}` };
  });
}

/** One row for each key; of several rows with one key the last counts. */
function align(sides: readonly Side[]): Cell[][] {
  const keys = [...new Set(sides.flatMap(({ key }) => key.values))].sort((a, b) => Number(a) - Number(b));
  const place = new Map(keys.map((key, index) => [key, index]));
  const columns = sides.flatMap(({ key, others }) =>
    others.map(({ values }) => {
      const aligned = Array<Cell>(keys.length).fill(null);
      key.values.forEach((value, row) => {
        const index = place.get(value);
        if (index !== undefined) aligned[index] = values[row] ?? null;
      });
      return aligned;
    }),
  );
  return [keys, ...columns];
}

/** Each row of one side beside each row of the next that has the same key. */
function joinRows(sides: readonly Side[], outer: boolean): Cell[][] {
  const tables = sides.map(({ key, others }) => [key.values, ...others.map(({ values }) => values)]);
  return tables
    .reduce<readonly (readonly Cell[])[]>(
      (left, right, index) => (index === 0 ? right : pair(left, right, outer)),
      [],
    )
    .map((column) => [...column]);
}

function pair(
  left: readonly (readonly Cell[])[],
  right: readonly (readonly Cell[])[],
  outer: boolean,
): Cell[][] {
  const byKey = new Map<string, number[]>();
  right[0]?.forEach((key, row) => {
    byKey.set(String(key), [...(byKey.get(String(key)) ?? []), row]);
  });
  const rows: [left: number | undefined, right: number | undefined][] = [];
  const alone: [number, undefined][] = [];
  const met = new Set<string>();
  left[0]?.forEach((key, row) => {
    const partners = key === null ? undefined : byKey.get(String(key));
    if (partners === undefined) alone.push([row, undefined]);
    else {
      met.add(String(key));
      for (const partner of partners) rows.push([row, partner]);
    }
  });
  if (outer) {
    rows.push(...alone);
    for (const [key, partners] of byKey)
      if (!met.has(key)) rows.push(...partners.map((row): [undefined, number] => [undefined, row]));
  }
  const cell = (column: readonly Cell[] | undefined, row: number | undefined) =>
    row === undefined ? null : (column?.[row] ?? null);
  return [
    rows.map(([a, b]) => (a === undefined ? cell(right[0], b) : cell(left[0], a))),
    ...left.slice(1).map((column) => rows.map(([a]) => cell(column, a))),
    ...right.slice(1).map((column) => rows.map(([, b]) => cell(column, b))),
  ];
}
