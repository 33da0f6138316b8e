/** Values of one label set; `observe` costs a few nanoseconds. */
export interface HistogramChild {
  /** @param value in the metric's unit. @param traceId of a sampled trace: kept as exemplar, at most one a second and bucket. */
  observe(value: number, traceId?: string): void;
}
export interface LeanHistogram<L extends string = string> {
  child(labels: Readonly<Record<L, string>>): HistogramChild;
  observe(labels: Readonly<Record<L, string>>, value: number, traceId?: string): void;
}
