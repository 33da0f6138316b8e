/** Traces found, as dots: when against how long, on a logarithmic scale. */
import type { TraceSummary } from '../../contract/traces.ts';

export interface Dot {
  trace: TraceSummary;
  /** Shares of the picture, 0 to 1, from the top left. */
  x: number;
  y: number;
}

export interface ScatterModel {
  dots: readonly Dot[];
  /** Marks of the duration axis: milliseconds and the share from the top. */
  ticks: readonly { ms: number; y: number }[];
}

export function scatterModel(
  traces: readonly TraceSummary[],
  range: { from: number; to: number },
): ScatterModel {
  const durations = traces.map(({ durationMs }) => Math.max(durationMs, 0.01));
  const low = Math.floor(Math.log10(Math.min(...durations, 1)));
  const high = Math.ceil(Math.log10(Math.max(...durations, 10)) + 0.01);
  const height = (ms: number) => 1 - (Math.log10(Math.max(ms, 0.01)) - low) / (high - low || 1);
  const width = Math.max(1, range.to - range.from);
  return {
    dots: traces.map((trace) => ({
      trace,
      x: Math.min(1, Math.max(0, (Date.parse(trace.start) - range.from) / width)),
      y: height(trace.durationMs),
    })),
    ticks: Array.from({ length: high - low + 1 }, (_, index) => ({
      ms: 10 ** (low + index),
      y: height(10 ** (low + index)),
    })),
  };
}
