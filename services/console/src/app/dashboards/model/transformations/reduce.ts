import { fieldName } from '../field-name.ts';
import type { Cell, Field, Frame } from '../frame.ts';
import { flag, type Json, texts } from '../read.ts';
import { isReducer, reduce, reducerName } from '../reducers.ts';
import { column, madeOf, type Transform } from './transformation.ts';

/** Calculations on text: only those that pick or count make sense. */
function calculate(calc: string, field: Field): Cell {
  if (field.type !== 'string') return reduce(calc, field.values as readonly (number | null)[]) ?? null;
  const known = field.values.filter((value) => value !== null && value !== '');
  switch (calc) {
    case 'last':
      return field.values.at(-1) ?? null;
    case 'lastNotNull':
      return known.at(-1) ?? null;
    case 'first':
      return field.values[0] ?? null;
    case 'firstNotNull':
      return known[0] ?? null;
    case 'count':
      return field.values.filter((value) => value !== null).length;
    case 'countAll':
      return field.values.length;
    case 'distinctCount':
      return new Set(field.values.filter((value) => value !== null)).size;
    default:
      return null;
  }
}

/** Makes a row of each series with a column for each calculation, or (`reduceFields`) one row of the same columns. */
export const reduceFrames: Transform = (frames, options) => {
  const calcs = texts(options['reducers']).filter(isReducer);
  if (calcs.length === 0) return [...frames];
  if (options['mode'] === 'reduceFields') return reduceFields(frames, calcs, options);
  const [first, ...others] = frames.map((frame) =>
    seriesRows(frame, frames, calcs, flag(options['labelsToFields'])),
  );
  if (first === undefined) return [];
  const fields = first.map((field, index) => ({
    ...field,
    values: [...field.values, ...others.flatMap((columns) => columns[index]?.values ?? [])],
  }));
  return [{ refId: madeOf('reduce', frames), fields }];
};

function seriesRows(
  frame: Frame,
  frames: readonly Frame[],
  calcs: readonly string[],
  byLabel: boolean,
): Field[] {
  const source = frame.fields.filter(({ type }) => type !== 'time');
  const labels = byLabel
    ? [...new Set(frames.flatMap(({ fields }) => fields.flatMap((field) => Object.keys(field.labels))))]
    : [];
  const named = source.map((field) => (byLabel ? field.name : fieldName(field, frame, frames)));
  return [
    column('Field', 'string', named),
    ...labels.map((label) =>
      column(
        label,
        'string',
        source.map((field) => field.labels[label] ?? null),
      ),
    ),
    ...calcs.map((calc) => {
      const values = source.map(
        (field) => calculate(calc, field) ?? (field.values.length === 0 ? null : Number.NaN),
      );
      const isText = values.some((value) => typeof value === 'string');
      return column(reducerName(calc), isText ? 'string' : 'number', values);
    }),
  ];
}

function reduceFields(frames: readonly Frame[], calcs: readonly string[], options: Json): Frame[] {
  const reduced = frames.map((frame) => ({
    ...frame,
    fields: frame.fields
      .filter(({ type }) => type !== 'time' || flag(options['includeTimeField']))
      .flatMap((field) =>
        calcs.map((calc): Field => {
          const value = calculate(calc, field);
          const type =
            typeof value === 'string' ? 'string' : /^(first|last)/.test(calc) ? field.type : 'number';
          const labels = calcs.length > 1 ? { ...field.labels, reducer: reducerName(calc) } : field.labels;
          return { ...field, type, labels, values: [value] };
        }),
      ),
  }));
  return reduced.filter(({ fields }) => fields.length > 0);
}
