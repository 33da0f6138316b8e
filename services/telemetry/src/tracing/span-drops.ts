/** Why a sampled span was lost. */
export const SPAN_DROP_REASONS = ['queue_full', 'export_failed'] as const;

/** Sampled spans lost in this process: tracing is one a process, and starts ahead of any registry. */
export const spanDrops: Record<(typeof SPAN_DROP_REASONS)[number], number> = {
  queue_full: 0,
  export_failed: 0,
};
