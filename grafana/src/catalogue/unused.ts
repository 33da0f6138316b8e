export interface Unused {
  why: string;
  /** Who exposes it, by its job in prometheus/targets; absent: the lab's services. A lab without that part is not asked for it. */
  job?: string;
}

const OF_THE_SERVICES: readonly (readonly [name: string, why: string])[] = [
  ['process_cpu_user_seconds_total', 'a part of process_cpu_seconds_total, which is shown'],
  ['process_cpu_system_seconds_total', 'a part of process_cpu_seconds_total, which is shown'],
  ['process_virtual_memory_bytes', 'address space, which V8 reserves by the gigabyte and does not use'],
  ['process_heap_bytes', 'the break of the C heap; the resident memory beside it is what counts'],
  ['nodejs_eventloop_lag_seconds', 'a single sample at the moment of the scrape; the quantiles are shown'],
  ['nodejs_eventloop_lag_min_seconds', 'the best moment says nothing about trouble'],
  ['nodejs_eventloop_lag_mean_seconds', 'hides what p50 and p99 show'],
  ['nodejs_eventloop_lag_stddev_seconds', 'the quantiles show the spread'],
  ['nodejs_active_handles', 'by type, deprecated in Node.js; nodejs_active_resources is shown by type'],
  ['nodejs_active_requests', 'by type, deprecated in Node.js; the total is shown'],
  ['nodejs_active_resources_total', 'the sum of nodejs_active_resources, which is shown by type'],
  ['nodejs_heap_space_size_total_bytes', 'reserved space by part; what is used by part is shown'],
  ['nodejs_heap_space_size_available_bytes', 'the difference of two that are exposed'],
];

/**
 * Metrics that no dashboard and no rule reads, each with the reason. The gate fails for one of the lab's services that is neither used nor
 * listed, for one that is listed and used, and for one that is listed and exposed no more.
 */
export const unusedMetrics: ReadonlyMap<string, Unused> = new Map(
  OF_THE_SERVICES.map(([name, why]) => [name, { why }]),
);
