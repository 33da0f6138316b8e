/** What transformations share: their form, columns made from nothing, rows put in another order. */
import type { Cell, Field, Frame } from '../frame.ts';
import { flag, type Json, record, records, text } from '../read.ts';

export interface Transformation {
  id: string;
  options: Json;
}

/** Turns frames into others. Never changes those that it gets. */
export type Transform = (frames: readonly Frame[], options: Json) => Frame[];

/** Reads a panel's `transformations`; those that are switched off are left out. */
export function readTransformations(value: unknown): Transformation[] {
  return records(value)
    .filter((entry) => !flag(entry['disabled']))
    .map((entry) => ({ id: text(entry['id']), options: record(entry['options']) }));
}

/** Returns how many rows the frame has. */
export function rowCount(frame: Frame): number {
  return Math.max(0, ...frame.fields.map((field) => field.values.length));
}

/** Returns a column without labels. */
export function column(name: string, type: Field['type'], values: readonly Cell[]): Field {
  return { name, type, labels: {}, values, legend: undefined };
}

/** Returns the column without what names it but its own name. */
export function unnamed(field: Field): Field {
  return { ...field, title: undefined, legend: undefined };
}

/** Returns the frame with these of its rows, in this order. */
export function pickRows(frame: Frame, rows: readonly number[]): Frame {
  return {
    ...frame,
    fields: frame.fields.map((field) => ({ ...field, values: rows.map((row) => field.values[row] ?? null) })),
  };
}

/** Returns the refId of a frame made of others, as Grafana has it: `merge-A-B`. */
export function madeOf(id: string, frames: readonly Frame[]): string {
  return `${id}-${frames.map(({ refId }) => refId).join('-')}`;
}
