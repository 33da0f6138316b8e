/** Query results as tables of columns, the shape that transformations, naming and colouring work on (Grafana's data frames). */
import type { Labels, Series } from '../../prometheus/result.ts';
import { type FieldConfig, type FieldConfigSource, fieldConfigFor, readFieldConfig } from './field-config.ts';
import { fieldName, labelsText } from './field-name.ts';

export type Cell = number | string | null;

export interface Field {
  /** The column's own name: `Time`, `Value`, a label's name. */
  name: string;
  type: 'time' | 'number' | 'string';
  labels: Labels;
  /** Times are milliseconds since the epoch. */
  values: readonly Cell[];
  /** The name that the query's `legendFormat` gives it. */
  legend: string | undefined;
  /** The name that a transformation gives it, before which no other counts. */
  title?: string | undefined;
}

export interface Frame {
  refId: string;
  fields: readonly Field[];
}

/** A field with its final name and configuration, ready to draw. */
export interface NamedField extends Field {
  refId: string;
  displayName: string;
  config: FieldConfig;
}

const EMPTY_CONFIG = readFieldConfig({});

/** `{{method}} {{route}}` filled from labels; unknown labels become empty, as in Prometheus. */
export function fillLegend(template: string, labels: Labels): string {
  return template.replace(/\{\{\s*(.+?)\s*\}\}/g, (_, name: string) => labels[name] ?? '');
}

/**
 * Returns the name that Grafana's data source gives a series: the format filled in; without one the series as PromQL writes it, or the
 * query where it has no labels; with `__auto` none, so that its labels name it.
 */
function legendOf(labels: Labels, legendFormat: string | undefined, expr: string): string | undefined {
  if (legendFormat === '__auto' && Object.keys(labels).length > 0) return undefined;
  if (legendFormat !== undefined && legendFormat !== '__auto') return fillLegend(legendFormat, labels);
  const { __name__: name = '', ...others } = labels;
  const text = `${name}${labelsText(others)}`;
  return text === '' ? expr : text;
}

/** Makes one frame a series: its times and its values. @param expr the query, for the name of a series without labels. */
export function seriesFrames(
  refId: string,
  series: readonly Series[],
  legendFormat: string | undefined,
  expr = '',
): Frame[] {
  return series.map(({ labels, times, values }) => ({
    refId,
    fields: [
      { name: 'Time', type: 'time', labels: {}, values: times.map((at) => at * 1000), legend: undefined },
      {
        name: labels['__name__'] ?? 'Value',
        type: 'number',
        labels,
        values,
        legend: legendOf(labels, legendFormat, expr),
      },
    ],
  }));
}

/**
 * One table from all series: time, a column for each label, the value (Grafana's `format: table`).
 * @param severalQueries then the value's column is named after its query, `Value #A`.
 */
export function tableFrame(refId: string, series: readonly Series[], severalQueries: boolean): Frame {
  const names = [...new Set(series.flatMap(({ labels }) => Object.keys(labels)))].sort();
  const rows = series.flatMap(({ labels, times, values }) =>
    times.map((at, index) => ({ labels, at: at * 1000, value: values[index] ?? null })),
  );
  const column = (name: string, type: Field['type'], values: Cell[]): Field => ({
    name,
    type,
    labels: {},
    values,
    legend: undefined,
  });
  return {
    refId,
    fields: [
      column(
        'Time',
        'time',
        rows.map((row) => row.at),
      ),
      ...names.map((name) =>
        column(
          name,
          'string',
          rows.map((row) => row.labels[name] ?? null),
        ),
      ),
      column(
        severalQueries ? `Value #${refId}` : 'Value',
        'number',
        rows.map((row) => row.value),
      ),
    ],
  };
}

/** Names every field and gives it the configuration that defaults and overrides add up to. */
export function nameFields(frames: readonly Frame[], source: FieldConfigSource): NamedField[][] {
  return frames.map((frame) =>
    frame.fields.map((field) => {
      const computed = fieldName(field, frame, frames);
      const config =
        field.type === 'time' && source.overrides.length === 0
          ? EMPTY_CONFIG
          : fieldConfigFor(source, {
              displayName: computed,
              name: field.name,
              type: field.type,
              refId: frame.refId,
            });
      return {
        ...field,
        refId: frame.refId,
        config,
        displayName: config.displayName ? fillDisplayName(config.displayName, field, computed) : computed,
      };
    }),
  );
}

/** `${__field.labels.route}` and its kin inside a `displayName`. */
function fillDisplayName(template: string, field: Field, computed: string): string {
  return template.replace(
    /\$\{__field\.(labels(?:\.([\w.]+))?|name|displayName)\}/g,
    (_, kind: string, label?: string) => {
      if (label !== undefined) return field.labels[label] ?? '';
      return kind === 'labels' ? computed : kind === 'name' ? field.name : computed;
    },
  );
}
