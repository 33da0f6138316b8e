/** Query results as tables of columns, the shape that transformations, naming and colouring work on (Grafana's data frames). */
import type { Labels } from '../../prometheus/result.ts';
import type { FieldConfig } from './field-config.ts';

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
