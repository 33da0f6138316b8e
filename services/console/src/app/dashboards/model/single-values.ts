/** One value a series, for stat, gauge and bar gauge: which, how written, in which colour. */
import { type FormattedValue, formatValue } from '../../format/units.ts';
import { type Color, namedColor } from './colors.ts';
import { fieldColor } from './field-color.ts';
import type { FieldConfig } from './field-config.ts';
import type { NamedField } from './frame.ts';
import { compilePattern } from './pattern.ts';
import { flag, type Json, number, record, text, texts } from './read.ts';
import { reduce } from './reducers.ts';
import { mapValue } from './value-mappings.ts';

export interface SingleValue {
  label: string;
  labels: Readonly<Record<string, string>>;
  value: number | undefined;
  formatted: FormattedValue;
  color: Color;
  /** 0 to 1 between the field's limits, for gauges; undefined without a value. */
  share: number | undefined;
  min: number;
  max: number;
  config: FieldConfig;
  /** For the sparkline: seconds and values. */
  points: { times: readonly number[]; values: readonly (number | null)[] };
}

export function readReduceOptions(options: Json) {
  const source = record(options['reduceOptions']);
  return {
    calc: texts(source['calcs'])[0] ?? 'lastNotNull',
    /** Every row is a value of its own. */
    all: flag(source['values']),
    limit: number(source['limit']) ?? 25,
    fields: text(source['fields']),
  };
}

/** What the dashboard's limits are, or what the values themselves span: a gauge needs ends. */
function limits(fields: readonly NamedField[]): (config: FieldConfig) => { min: number; max: number } {
  const values = fields.flatMap((field) => field.values.filter((value) => typeof value === 'number'));
  const finite = values.filter(Number.isFinite);
  const highest = finite.reduce((a, b) => Math.max(a, b), 0);
  const lowest = finite.reduce((a, b) => Math.min(a, b), 0);
  return ({ min, max, unit }) => ({
    min: min ?? lowest,
    max:
      max ??
      (unit === 'percentunit' ? Math.max(1, highest) : unit === 'percent' ? Math.max(100, highest) : highest),
  });
}

function display(
  config: FieldConfig,
  value: number | undefined,
): { formatted: FormattedValue; color?: Color } {
  const mapped = mapValue(config.mappings, value ?? null);
  const color = mapped?.color ? { color: namedColor(mapped.color) } : {};
  if (mapped?.text !== undefined) return { formatted: { text: mapped.text, suffix: '' }, ...color };
  if (value === undefined) return { formatted: { text: config.noValue ?? 'No data', suffix: '' }, ...color };
  return { formatted: formatValue(value, config.unit, config.decimals), ...color };
}

/** Without a named field the numeric ones count; a pattern or an exact name chooses others. */
function chooses(fields: string, field: NamedField): boolean {
  if (field.config.custom.hideInViz) return false;
  if (fields === '') return field.type === 'number';
  return field.displayName === fields || compilePattern(fields)?.test(field.displayName) === true;
}

export function singleValues(frames: readonly (readonly NamedField[])[], options: Json): SingleValue[] {
  const { calc, all, limit, fields: wanted } = readReduceOptions(options);
  const fields = frames.flatMap((frame) => frame.filter((field) => chooses(wanted, field)));
  const ends = limits(fields);
  const single = (
    field: NamedField,
    value: number | undefined,
    label: string,
    index: number,
  ): SingleValue => {
    const time = frames.find((frame) => frame.includes(field))?.find((other) => other.type === 'time');
    const { min, max } = ends(field.config);
    const shown = display(field.config, value);
    // A single value judged by nothing else is judged by its thresholds, as Grafana's own panels do.
    const color = shown.color ?? fieldColor(field.config, { index, value, min, max });
    return {
      label,
      labels: field.labels,
      value,
      formatted: shown.formatted,
      color,
      share:
        value === undefined || max <= min ? undefined : Math.min(1, Math.max(0, (value - min) / (max - min))),
      min,
      max,
      config: field.config,
      points: {
        times: (time?.values ?? []).map((at) => (typeof at === 'number' ? at / 1000 : 0)),
        values: field.values.map((entry) =>
          typeof entry === 'number' && Number.isFinite(entry) ? entry : null,
        ),
      },
    };
  };
  if (!all)
    return fields.slice(0, 100).map((field, index) =>
      single(
        field,
        reduce(
          calc,
          field.values.map((value) => (typeof value === 'number' ? value : null)),
        ),
        field.displayName,
        index,
      ),
    );
  return fields.flatMap((field) => {
    const names =
      frames.find((frame) => frame.includes(field))?.filter((other) => other.type === 'string') ?? [];
    return field.values.slice(0, limit).map((value, row) => {
      const label = names.map((column) => column.values[row]).join(' ') || field.displayName;
      return single(field, typeof value === 'number' ? value : undefined, label, row);
    });
  });
}
