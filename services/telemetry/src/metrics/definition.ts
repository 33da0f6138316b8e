/** Defines metrics. Units: seconds and bytes, always in the name. */

/** The definition of one metric. `labels` are the names, in the order in which they are shown. */
export interface MetricDefinition<L extends string = string> {
  readonly name: string;
  readonly help: string;
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly labels: readonly L[];
  /** Upper bounds of a histogram, in the metric's unit. */
  readonly buckets?: readonly number[];
}

export interface CounterDefinition<L extends string = string> extends MetricDefinition<L> {
  readonly type: 'counter';
}
export interface GaugeDefinition<L extends string = string> extends MetricDefinition<L> {
  readonly type: 'gauge';
}
export interface HistogramDefinition<L extends string = string> extends MetricDefinition<L> {
  readonly type: 'histogram';
  readonly buckets: readonly number[];
}

export const counter = <const L extends string>(name: string, labels: readonly L[], help: string) =>
  ({ type: 'counter', name, labels, help }) satisfies CounterDefinition<L>;
export const gauge = <const L extends string>(name: string, labels: readonly L[], help: string) =>
  ({ type: 'gauge', name, labels, help }) satisfies GaugeDefinition<L>;
export const histogram = <const L extends string>(
  name: string,
  labels: readonly L[],
  buckets: readonly number[],
  help: string,
) => ({ type: 'histogram', name, labels, buckets, help }) satisfies HistogramDefinition<L>;
