import { fieldName } from '../field-name.ts';
import type { Cell, Field, Frame } from '../frame.ts';
import { flag, type Json, optionalText, record, text, texts } from '../read.ts';
import { isReducer, reduce, reducerName } from '../reducers.ts';
import { named } from './choose-fields.ts';
import { joinByField } from './join.ts';
import { column, rowCount, type Transform } from './transformation.ts';

const OPERATORS: Readonly<Record<string, (a: number, b: number) => number>> = {
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  '/': (a, b) => a / b,
};

/** The ways of calculating that are known; others are named in the panel. */
export const CALCULATION_MODES = ['binary', 'reduceRow', 'index'];

type Calculate = (frame: Frame, frames: readonly Frame[]) => Cell[] | undefined;

/** Adds a column that is calculated from others of its row. */
export const calculateField: Transform = (frames, options) => {
  const mode = text(options['mode'], 'reduceRow');
  const joined = needsOneFrame(frames, options, mode) ? joinByField(frames, {}) : [...frames];
  const calculate = calculation(mode, options, joined);
  if (calculate === undefined) return joined;
  return joined.flatMap((frame) => {
    const values = calculate(frame, joined);
    if (values === undefined) return flag(options['replaceFields']) ? [] : [frame];
    const alias = optionalText(options['alias']);
    const added: Field = { ...column(alias ?? nameOf(mode, options), 'number', values), title: alias };
    if (!flag(options['replaceFields'])) return [{ ...frame, fields: [...frame.fields, added] }];
    const time =
      options['timeSeries'] === false ? [] : frame.fields.filter(({ type }) => type === 'time').slice(0, 1);
    return [{ ...frame, fields: mode === 'index' ? [added] : [...time, added] }];
  });
};

/** Series of several queries are joined on their times first, unless only a number is calculated with. */
function needsOneFrame(frames: readonly Frame[], options: Json, mode: string): boolean {
  if (options['timeSeries'] === false || mode === 'index') return false;
  const right = record(options['binary'])['right'];
  const fixed = typeof right === 'string' ? right : record(right)['fixed'];
  if (mode === 'binary' && !Number.isNaN(Number(fixed))) return false;
  return frames.every(({ fields }) => fields.some(({ type }) => type === 'time'));
}

function calculation(mode: string, options: Json, frames: readonly Frame[]): Calculate | undefined {
  if (mode === 'reduceRow') return reduceRow(record(options['reduce']));
  if (mode === 'index')
    return (frame) =>
      [...Array(rowCount(frame)).keys()].map((row) =>
        flag(record(options['index'])['asPercentile']) ? row / rowCount(frame) : row,
      );
  return mode === 'binary' ? binary(record(options['binary']), frames) : undefined;
}

function reduceRow(options: Json): Calculate | undefined {
  const calc = text(options['reducer'], 'sum');
  if (!isReducer(calc)) return undefined;
  const include = texts(options['include']);
  return (frame, frames) => {
    const columns = frame.fields.filter(
      (field) => field.type === 'number' && (include.length === 0 || named(include)(field, frame, frames)),
    );
    if (columns.length === 0) return undefined;
    return [...Array(rowCount(frame)).keys()].map(
      (row) =>
        reduce(
          calc,
          columns.map((field) => field.values[row] as number | null),
        ) ?? null,
    );
  };
}

/** A side is the name of a column, a number, or an object that says which of the two it is. */
function side(source: unknown, frames: readonly Frame[]): { name: string } | { fixed: number } {
  const matcher = record(record(source)['matcher']);
  const written =
    typeof source === 'string' ? source : text(matcher['options'], text(record(source)['fixed']));
  const isName =
    typeof source === 'string'
      ? Number.isNaN(Number(written)) ||
        frames.some(({ fields }) => fields.some(({ name }) => name === written))
      : matcher['options'] !== undefined;
  return isName ? { name: written } : { fixed: Number(written) };
}

function binary(options: Json, frames: readonly Frame[]): Calculate | undefined {
  const operate = OPERATORS[text(options['operator'], '+')];
  if (operate === undefined) return undefined;
  const [left, right] = [side(options['left'], frames), side(options['right'], frames)];
  const valuesOf = (one: typeof left, frame: Frame, all: readonly Frame[]): readonly Cell[] | undefined =>
    'fixed' in one
      ? Array<Cell>(rowCount(frame)).fill(one.fixed)
      : frame.fields.find((field) => one.name === fieldName(field, frame, all))?.values;
  return (frame, all) => {
    const [a, b] = [valuesOf(left, frame, all), valuesOf(right, frame, all)];
    if (a === undefined || b === undefined) return undefined;
    return a.map((value, row) => operate(value as number, b[row] as number));
  };
}

function nameOf(mode: string, options: Json): string {
  if (mode === 'index') return 'Row';
  if (mode === 'reduceRow') return reducerName(text(record(options['reduce'])['reducer'], 'sum'));
  const { left, right, operator } = record(options['binary']);
  const written = (source: unknown) =>
    typeof source === 'string'
      ? source
      : text(record(record(source)['matcher'])['options'], text(record(source)['fixed']));
  const [a, b] = [written(left), written(right)];
  return a !== '' && b !== '' ? `${a} ${text(operator, '+')} ${b}` : '';
}
