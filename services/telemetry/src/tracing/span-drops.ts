/** Why a sampled span was lost. */
export const SPAN_DROP_REASONS = ['queue_full', 'export_failed'] as const;

/** Sampled spans lost in this process: tracing is one a process, and starts ahead of any registry. */
export const spanDrops: Record<(typeof SPAN_DROP_REASONS)[number], number> = {
  queue_full: 0,
  export_failed: 0,
};

/** For who passes on spans of others (web's intake): counts what it lost in `telemetry_spans_dropped_total`. */
export function countDroppedSpans(reason: (typeof SPAN_DROP_REASONS)[number], count: number): void {
  spanDrops[reason] += count;
}
