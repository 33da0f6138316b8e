import { fieldName } from '../field-name.ts';
import type { Cell, Field, Frame } from '../frame.ts';
import { flag, number, records, text } from '../read.ts';
import { pickRows, rowCount, type Transform } from './transformation.ts';

const collator = new Intl.Collator('en', { sensitivity: 'base' });

/** Compares two cells of a column. A missing text comes last; a missing number is equal to all, so that it stays where it is. */
function compare(type: Field['type'], a: Cell, b: Cell): number {
  if (type === 'string') return a && b ? collator.compare(String(a), String(b)) : Number(!a) - Number(!b);
  if (a === null || b === null || a === b) return 0;
  return Number(a) - Number(b);
}

/** Returns the frame in the order of one of its columns. */
export function sortFrame(frame: Frame, by: Field, descending = false): Frame {
  const rows = [...Array(rowCount(frame)).keys()];
  const cell = (row: number) => by.values[row] ?? null;
  const sign = descending ? -1 : 1;
  return pickRows(
    frame,
    rows.sort((a, b) => sign * compare(by.type, cell(a), cell(b))),
  );
}

/** Sorts by the first rule alone, as Grafana does; a column that is not there changes nothing. */
export const sortBy: Transform = (frames, options) => {
  const [rule] = records(options['sort']);
  return frames.map((frame) => {
    const by =
      frame.fields[number(rule?.['index']) ?? -1] ??
      frame.fields.find((field) => fieldName(field, frame) === text(rule?.['field']));
    return by === undefined ? frame : sortFrame(frame, by, flag(rule?.['desc']));
  });
};
