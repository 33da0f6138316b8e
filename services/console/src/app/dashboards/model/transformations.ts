/** Grafana's transformations that dashboards commonly need; the others are named in the panel instead of being ignored. */
import type { Cell, Field, Frame } from './frame.ts';
import { compilePattern } from './pattern.ts';
import { flag, type Json, number, record, records, text, texts } from './read.ts';
import { reduce, reducerName } from './reducers.ts';

export interface Transformation {
  id: string;
  options: Json;
}

export function readTransformations(value: unknown): Transformation[] {
  return records(value)
    .filter((entry) => !flag(entry['disabled']))
    .map((entry) => ({ id: text(entry['id']), options: record(entry['options']) }));
}

type Transform = (frames: readonly Frame[], options: Json) => Frame[];

const TRANSFORMS: Readonly<Record<string, Transform>> = {
  organize,
  merge: (frames) => merge(frames),
  reduce: reduceFrames,
  joinByField: (frames, options) => join(frames, text(options['byField'])),
  seriesToColumns: (frames, options) => join(frames, text(options['byField'])),
  labelsToFields: (frames) => labelsToFields(frames),
  seriesToRows: (frames) => labelsToFields(frames),
  filterFieldsByName,
  renameByRegex,
  sortBy,
  limit: (frames, options) => eachRow(frames, (rows) => rows.slice(0, number(options['limitField']) ?? 10)),
  calculateField,
  timeSeriesTable: (frames) => labelsToFields(frames),
};

export function unsupportedTransformations(transformations: readonly Transformation[]): string[] {
  return transformations.map(({ id }) => id).filter((id) => !(id in TRANSFORMS));
}

/** Applies in order what is known; see {@link unsupportedTransformations} for the rest. */
export function transform(frames: readonly Frame[], transformations: readonly Transformation[]): Frame[] {
  return transformations.reduce<Frame[]>(
    (current, { id, options }) => TRANSFORMS[id]?.(current, options) ?? current,
    [...frames],
  );
}

const nameOf = (field: Field) => field.legend ?? field.name;

const length = (frame: Frame) => Math.max(0, ...frame.fields.map((field) => field.values.length));

function mapFields(frames: readonly Frame[], change: (field: Field) => Field | undefined): Frame[] {
  return frames.map((frame) => ({ ...frame, fields: frame.fields.flatMap((field) => change(field) ?? []) }));
}

/** Reorders the rows of each frame; `pick` gets row numbers. */
function eachRow(frames: readonly Frame[], pick: (rows: number[], frame: Frame) => number[]): Frame[] {
  return frames.map((frame) => {
    const rows = pick([...Array(length(frame)).keys()], frame);
    const fields = frame.fields.map((field) => ({
      ...field,
      values: rows.map((row) => field.values[row] ?? null),
    }));
    return { ...frame, fields };
  });
}

function organize(frames: readonly Frame[], options: Json): Frame[] {
  const [excluded, renamed, order] = [
    record(options['excludeByName']),
    record(options['renameByName']),
    record(options['indexByName']),
  ];
  const position = (field: Field) => number(order[nameOf(field)]) ?? Number.MAX_SAFE_INTEGER;
  return frames.map((frame) => ({
    ...frame,
    fields: [...frame.fields]
      .sort((a, b) => position(a) - position(b))
      .filter((field) => !flag(excluded[nameOf(field)]) && !flag(excluded[field.name]))
      .map((field) => {
        const name = text(renamed[nameOf(field)]) || text(renamed[field.name]);
        return name === '' ? field : { ...field, name, legend: name };
      }),
  }));
}

/** Every table's rows in one table; rows that agree in all the text columns they share become one. */
function merge(frames: readonly Frame[]): Frame[] {
  if (frames.length < 2) return [...frames];
  const columns = new Map<string, Field>();
  for (const field of frames.flatMap(({ fields }) => fields))
    if (!columns.has(nameOf(field))) columns.set(nameOf(field), field);
  const rows: Map<string, Cell>[] = [];
  const byKey = new Map<string, Map<string, Cell>[]>();
  for (const frame of frames) {
    const keys = frame.fields.filter((field) => field.type === 'string');
    for (let index = 0; index < length(frame); index += 1) {
      const key = keys.map((field) => `${nameOf(field)}=${field.values[index]}`).join('\n');
      const fits = (row: Map<string, Cell>) =>
        frame.fields.every((field) => field.type !== 'number' || !row.has(nameOf(field)));
      const known = byKey.get(key)?.find(fits);
      const row = known ?? new Map<string, Cell>();
      for (const field of frame.fields) row.set(nameOf(field), field.values[index] ?? null);
      if (known) continue;
      rows.push(row);
      byKey.set(key, [...(byKey.get(key) ?? []), row]);
    }
  }
  const fields = [...columns].map(([name, field]) => ({
    ...field,
    values: rows.map((row) => row.get(name) ?? null),
  }));
  return [{ refId: frames[0]?.refId ?? 'A', fields }];
}

/** One row a series with a column for each calculation, or (`reduceFields`) one row of the same columns. */
function reduceFrames(frames: readonly Frame[], options: Json): Frame[] {
  const calcs = texts(options['reducers']);
  const numeric = (field: Field) =>
    field.values.filter((value) => typeof value !== 'string') as (number | null)[];
  if (options['mode'] === 'reduceFields') {
    const calc = calcs[0] ?? 'lastNotNull';
    return mapFields(frames, (field) =>
      field.type === 'number' ? { ...field, values: [reduce(calc, numeric(field)) ?? null] } : undefined,
    );
  }
  const series = frames.flatMap(({ fields }) => fields.filter((field) => field.type === 'number'));
  const blank = { labels: {}, legend: undefined };
  const label = (field: Field) => field.legend ?? Object.values(field.labels).join(' ');
  return [
    {
      refId: frames[0]?.refId ?? 'A',
      fields: [
        {
          ...blank,
          name: 'Field',
          type: 'string',
          values: series.map((field) => label(field) || field.name),
        },
        ...calcs.map(
          (calc): Field => ({
            ...blank,
            name: reducerName(calc),
            type: 'number',
            values: series.map((field) => reduce(calc, numeric(field)) ?? null),
          }),
        ),
      ],
    },
  ];
}

/** Outer join on one column (time, unless told otherwise): the other columns side by side. */
function join(frames: readonly Frame[], byField: string): Frame[] {
  const keyOf = (frame: Frame) =>
    frame.fields.find((field) => (byField === '' ? field.type === 'time' : nameOf(field) === byField));
  const joined = frames.filter(keyOf);
  const keys = [...new Set(joined.flatMap((frame) => keyOf(frame)?.values ?? []))].sort((a, b) =>
    typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)),
  );
  const [first] = joined.map(keyOf);
  if (first === undefined) return [...frames];
  const columns = joined.flatMap((frame) => {
    const key = keyOf(frame);
    const row = new Map(key?.values.map((value, index) => [value, index]));
    return frame.fields
      .filter((field) => field !== key)
      .map((field) => ({
        ...field,
        values: keys.map((value) => field.values[row.get(value) ?? -1] ?? null),
      }));
  });
  return [{ refId: joined[0]?.refId ?? 'A', fields: [{ ...first, values: keys }, ...columns] }];
}

/** Labels become columns; the series' last value stands beside them. */
function labelsToFields(frames: readonly Frame[]): Frame[] {
  const series = frames.flatMap((frame) => frame.fields.filter((field) => field.type === 'number'));
  const names = [...new Set(series.flatMap((field) => Object.keys(field.labels)))].filter(
    (name) => name !== '__name__',
  );
  const blank = { labels: {}, legend: undefined };
  return [
    {
      refId: frames[0]?.refId ?? 'A',
      fields: [
        ...names.map(
          (name): Field => ({
            ...blank,
            name,
            type: 'string',
            values: series.map((field) => field.labels[name] ?? null),
          }),
        ),
        {
          ...blank,
          name: 'Value',
          type: 'number',
          values: series.map((field) => field.values.at(-1) ?? null),
        },
      ],
    },
  ];
}

function filterFieldsByName(frames: readonly Frame[], options: Json): Frame[] {
  const [include, exclude] = [record(options['include']), record(options['exclude'])];
  const named = (side: Json, field: Field) => texts(side['names']).includes(nameOf(field));
  const patterned = (side: Json, field: Field) => {
    const source = text(side['pattern']);
    return source !== '' && compilePattern(source)?.test(nameOf(field)) === true;
  };
  const wanted = Object.keys(include).length > 0;
  return mapFields(frames, (field) => {
    if (named(exclude, field) || patterned(exclude, field)) return undefined;
    return !wanted || named(include, field) || patterned(include, field) ? field : undefined;
  });
}

function renameByRegex(frames: readonly Frame[], options: Json): Frame[] {
  const pattern = compilePattern(text(options['regex']));
  if (pattern === undefined) return [...frames];
  return mapFields(frames, (field) => {
    const name = nameOf(field).replace(pattern, text(options['renamePattern']));
    return { ...field, name, legend: name };
  });
}

function sortBy(frames: readonly Frame[], options: Json): Frame[] {
  const [rule] = records(options['sort']);
  return eachRow(frames, (rows, frame) => {
    const field = frame.fields.find((candidate) => nameOf(candidate) === text(rule?.['field']));
    const cell = (row: number) => field?.values[row] ?? null;
    return field ? rows.sort((a, b) => compareCells(cell(a), cell(b), flag(rule?.['desc']))) : rows;
  });
}

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

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** The binary mode only: one column with another, or with a number. */
function calculateField(frames: readonly Frame[], options: Json): Frame[] {
  const binary = record(options['binary']);
  const operate = OPERATORS[text(binary['operator'])];
  if (operate === undefined) return [...frames];
  const side = (frame: Frame, name: 'left' | 'right') => {
    const source = binary[name];
    const wanted = typeof source === 'string' ? source : text(record(record(source)['matcher'])['options']);
    const literal = typeof source === 'object' ? text(record(source)['fixed']) : wanted;
    const field = frame.fields.find((candidate) => nameOf(candidate) === wanted);
    return (row: number) => Number(field ? field.values[row] : literal || Number.NaN);
  };
  return frames.map((frame) => {
    const [left, right] = [side(frame, 'left'), side(frame, 'right')];
    const values = [...Array(length(frame)).keys()].map((row) => operate(left(row), right(row)));
    const name = text(options['alias'], 'Calculation');
    const added: Field = { name, type: 'number', labels: {}, values, legend: name };
    return { ...frame, fields: flag(options['replaceFields']) ? [added] : [...frame.fields, added] };
  });
}
