/** What a table panel shows: columns with their formats, cells as text and colour. */

import { dateTime } from '../../format/time.ts';
import { formatText } from '../../format/units.ts';
import { type Color, namedColor } from './colors.ts';
import { fieldColor } from './field-color.ts';
import type { Cell, Field, NamedField } from './frame.ts';
import { mapValue } from './value-mappings.ts';

export interface TableCell {
  value: Cell;
  text: string;
  color: Color | undefined;
  /** 0 to 1, for a bar in the cell. */
  share: number | undefined;
}

export interface TableColumn {
  name: string;
  field: NamedField;
  align: 'left' | 'right' | 'center';
  cells: readonly TableCell[];
}

export interface TableModel {
  columns: readonly TableColumn[];
  rows: number;
}

function cell(field: NamedField, value: Cell, index: number, ends: { min: number; max: number }): TableCell {
  const { config } = field;
  const mapped = mapValue(config.mappings, value);
  const numeric = typeof value === 'number' ? value : undefined;
  const written =
    value === null
      ? (config.noValue ?? '')
      : field.type === 'time' && typeof value === 'number' && config.unit === undefined
        ? dateTime(value)
        : typeof value === 'number'
          ? formatText(value, config.unit, config.decimals)
          : value;
  const coloured = config.custom.cellType !== 'auto' && field.type === 'number' && numeric !== undefined;
  const color = mapped?.color
    ? namedColor(mapped.color)
    : coloured
      ? fieldColor(config, { index, value: numeric, ...ends })
      : undefined;
  const bar = config.custom.cellType === 'gauge' && numeric !== undefined && ends.max > ends.min;
  return {
    value,
    text: mapped?.text ?? written,
    color,
    share: bar ? Math.min(1, Math.max(0, ((numeric ?? 0) - ends.min) / (ends.max - ends.min))) : undefined,
  };
}

/** The first frame that has rows; a panel with several wants a `merge` or a `joinByField`, which the panel says. */
export function tableModel(frame: readonly NamedField[]): TableModel {
  const rows = Math.max(0, ...frame.map((field) => field.values.length));
  const columns = frame
    .filter((field) => !field.config.custom.hiddenColumn && !field.config.custom.hideInViz)
    .map((field, index): TableColumn => {
      const numbers = field.values.filter(
        (value): value is number => typeof value === 'number' && Number.isFinite(value),
      );
      const min = field.config.min ?? Math.min(0, ...numbers);
      const max = field.config.max ?? Math.max(0, ...numbers);
      const { align } = field.config.custom;
      return {
        name: field.displayName,
        field,
        align: align === 'auto' ? (field.type === 'number' ? 'right' : 'left') : align,
        cells: Array.from({ length: rows }, (_, row) =>
          cell(field, field.values[row] ?? null, index, { min, max }),
        ),
      };
    });
  return { columns, rows };
}

/** A row's values by column, for data links. */
export function rowValues(fields: readonly Field[], row: number): Readonly<Record<string, Cell>> {
  return Object.fromEntries(fields.map((field) => [field.name, field.values[row] ?? null]));
}
