import { DataqueryBuilder, PromQueryFormat } from '@grafana/grafana-foundation-sdk/prometheus';
import { COLOR, type Color } from './colors.ts';
import type { Until } from './until.ts';

export const PROMETHEUS = { type: 'prometheus', uid: 'prometheus' } as const;

/** One question to Prometheus, and how its answer is shown. */
export interface Query {
  promql: string;
  /** `{{label}}`, or plain words for a single series. A table's has none. */
  legend?: string;
  /** Of the only series, or of all of them. */
  color?: Color;
  /** Drawn as dashes: a limit, an objective, what was learned. */
  dashed?: boolean;
  /** Below the axis: the other direction. */
  mirrored?: boolean;
  /** Unit other than the panel's; on an axis of its own to the right. */
  rightUnit?: string;
  /** Dots that lead to traces. Plain bucket queries only. */
  exemplars?: boolean;
  /** Filled down to the series of this legend: a band. */
  fillDownTo?: string;
  /** Absent: the gate demands data. */
  until?: Until;
}

/** Returns a query whose line bounds the others: dashed, in the colour that says what crossing it means. */
export function limit(promql: string, legend: string, color: Color = COLOR.errors): Query {
  return { promql, legend, color, dashed: true };
}

export type Shape = 'series' | 'buckets' | 'rows';

/** Letters by position, as Grafana does: A, B, … */
export function refId(index: number): string {
  return String.fromCharCode('A'.charCodeAt(0) + index);
}

export function target(query: Query, index: number, shape: Shape): DataqueryBuilder {
  const builder = new DataqueryBuilder()
    .refId(refId(index))
    .datasource(PROMETHEUS)
    .expr(query.promql)
    .legendFormat(query.legend ?? '');
  if (query.exemplars) builder.exemplar(true);
  if (shape === 'rows') return builder.instant().format(PromQueryFormat.Table);
  return builder.range().format(shape === 'buckets' ? PromQueryFormat.Heatmap : PromQueryFormat.TimeSeries);
}
