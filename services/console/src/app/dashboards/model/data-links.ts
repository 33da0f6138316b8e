import type { Cell, Field } from './frame.ts';
import type { Scope } from './interpolate.ts';

interface Value {
  field: Pick<Field, 'name' | 'labels'>;
  displayName: string;
  value: Cell;
  /** Milliseconds since the epoch. */
  time?: number;
  /** The other columns of a table's row. */
  row?: Readonly<Record<string, Cell>>;
}

/** What a data link may refer to: `${__field.labels.route}`, `${__value.raw}`, `${__data.fields.trace_id}`, `${__series.name}`. */
export function dataLinkScope({ field, displayName, value, time, row = {} }: Value): Scope {
  const scope: Record<string, string> = {
    '__field.name': field.name,
    '__field.displayName': displayName,
    '__series.name': displayName,
    '__value.raw': String(value ?? ''),
    '__value.text': String(value ?? ''),
    '__value.numeric': String(value ?? ''),
  };
  if (time !== undefined) scope['__value.time'] = String(time);
  for (const [name, label] of Object.entries(field.labels)) scope[`__field.labels.${name}`] = label;
  for (const [name, cell] of Object.entries(row)) scope[`__data.fields.${name}`] = String(cell ?? '');
  return scope;
}
