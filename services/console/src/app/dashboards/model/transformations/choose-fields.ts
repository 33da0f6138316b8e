/** Transformations that leave out, order and rename columns. */
import { fieldName } from '../field-name.ts';
import type { Field, Frame } from '../frame.ts';
import { compilePattern } from '../pattern.ts';
import { flag, type Json, number, record, text, texts } from '../read.ts';
import type { Transform } from './transformation.ts';

type Matcher = (field: Field, frame: Frame, frames: readonly Frame[]) => boolean;

/** Matches a column by its own name or by the name that is shown. `Value` and `Time` match whatever plays that part. */
export function named(names: readonly string[]): Matcher {
  return (field, frame, frames) => {
    if (names.includes(field.name) || names.includes(fieldName(field, frame, frames))) return true;
    if (names.includes('Value'))
      return Object.keys(field.labels).length > 0 && field.labels['__name__'] === field.name;
    return field.type === 'time' && (names.includes('Time') || names.includes('time'));
  };
}

function matcherOf(side: Json): Matcher | undefined {
  const [names, pattern] = [texts(side['names']), text(side['pattern'])];
  if (names.length === 0 && pattern === '') return undefined;
  const [byName, byPattern] = [named(names), pattern === '' ? undefined : compilePattern(pattern)];
  return (field, frame, frames) =>
    (names.length > 0 && byName(field, frame, frames)) ||
    byPattern?.test(fieldName(field, frame, frames)) === true;
}

/** Frames that have no column left are left out. */
function filter(
  frames: readonly Frame[],
  include: Matcher | undefined,
  exclude: Matcher | undefined,
): Frame[] {
  if (include === undefined && exclude === undefined) return [...frames];
  const wanted: Matcher = (...at) => !exclude?.(...at) && (include === undefined || include(...at));
  return frames
    .map((frame) => ({ ...frame, fields: frame.fields.filter((field) => wanted(field, frame, frames)) }))
    .filter(({ fields }) => fields.length > 0);
}

export const filterFieldsByName: Transform = (frames, options) =>
  filter(frames, matcherOf(record(options['include'])), matcherOf(record(options['exclude'])));

const chosen = (names: Json) => Object.keys(names).filter((name) => flag(names[name]));

/** Leaves out, orders and renames, in that order. */
export const organize: Transform = (frames, options) => {
  const [included, excluded] = [
    chosen(record(options['includeByName'])),
    chosen(record(options['excludeByName'])),
  ];
  const left = filter(
    frames,
    included.length > 0 ? named(included) : undefined,
    excluded.length > 0 ? named(excluded) : undefined,
  );
  const [order, renamed] = [record(options['indexByName']), record(options['renameByName'])];
  return left.map((frame) => {
    const place = (field: Field) => number(order[fieldName(field, frame, left)]) ?? Number.MAX_SAFE_INTEGER;
    const fields = [...frame.fields].sort((a, b) => place(a) - place(b));
    const ordered = { ...frame, fields };
    return {
      ...frame,
      fields: fields.map((field) => {
        const title = text(renamed[fieldName(field, ordered, left)]);
        return title === '' ? field : { ...field, title };
      }),
    };
  });
};

export const renameByRegex: Transform = (frames, options) => {
  const pattern = compilePattern(text(options['regex'], '(.*)'));
  if (pattern === undefined) return [...frames];
  return frames.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) => {
      const name = fieldName(field, frame);
      return pattern.test(name)
        ? { ...field, title: name.replace(pattern, text(options['renamePattern'], '$1')) }
        : field;
    }),
  }));
};

/** The first rows of each frame; a negative limit keeps the last. */
export const limit: Transform = (frames, options) => {
  const given = options['limitField'];
  const count = number(given) ?? (typeof given === 'string' ? Number.parseInt(given, 10) : 10);
  return frames.map((frame) => ({
    ...frame,
    fields: frame.fields.map((field) => ({
      ...field,
      values: count >= 0 ? field.values.slice(0, count) : field.values.slice(count),
    })),
  }));
};
