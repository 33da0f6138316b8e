/** Measures one Prometheus against one number of simulated pods. */
import { setTimeout as pause } from 'node:timers/promises';
import { until } from '@lab/cli';
import type { ApiServer } from './control-plane.ts';
import { createPods, deletePods, simulatedPods } from './pods.ts';
import { startPrometheus } from './prometheus.ts';

/** Of one run with one number of pods. */
export interface Measured {
  /** From the last pod's address until Prometheus scrapes all of them, seconds. */
  discovery_seconds: number;
  /** Of one scrape, milliseconds. */
  scrape_ms_p50: number;
  scrape_ms_p99: number;
  /** Evaluation of every rule once, milliseconds. */
  rules_ms: number;
  /** Evaluations that were due while the one before still ran. */
  rules_missed: number;
  /** Pods that did not answer in time at the end. */
  pods_down: number;
  series: number;
  samples_per_second: number;
  /** Processors that Prometheus used, all pods found. */
  cores: number;
  /** Resident memory at the end, MB. */
  memory_mb: number;
}

export interface Durations {
  /** After all pods are up. */
  settleMs: number;
  windowMs: number;
}

const OURS = '{job=~"taskmanager-.+"}';

export async function measure(
  { api, prometheus: program, folder }: { api: ApiServer; prometheus: string; folder: string },
  count: number,
  { settleMs, windowMs }: Durations,
): Promise<Measured> {
  await deletePods(api);
  const prometheus = await startPrometheus(program, folder);
  try {
    await createPods(api, simulatedPods(count));
    const began = performance.now();
    const patience = { deadlineMs: 120_000, everyMs: 100 };
    await until(
      `${count} pods to be found`,
      async () => {
        const own = await prometheus.own();
        const pools = ['taskmanager-backend', 'pods'].map((job) =>
          own(`prometheus_target_scrape_pool_targets\\{scrape_job="${job}"\\}`),
        );
        return pools.reduce((sum, each) => sum + each, 0) === count;
      },
      patience,
    );
    const discovered = (performance.now() - began) / 1000;
    await until(
      `${count} pods to be up`,
      async () => (await prometheus.value(`sum(up${OURS})`)) === count,
      patience,
    );
    await pause(settleMs);
    const from = await prometheus.own();
    const start = performance.now();
    await pause(windowMs);
    const to = await prometheus.own();
    const seconds = (performance.now() - start) / 1000;
    const grown = (name: string) => to(name) - from(name);
    const scrape = async (quantile: number) =>
      1000 *
      ((await prometheus.value(`quantile(${quantile}, scrape_duration_seconds${OURS})`)) ?? Number.NaN);
    return {
      discovery_seconds: discovered,
      scrape_ms_p50: await scrape(0.5),
      scrape_ms_p99: await scrape(0.99),
      rules_ms: 1000 * to('prometheus_rule_group_last_duration_seconds'),
      rules_missed: grown('prometheus_rule_group_iterations_missed_total'),
      pods_down: count - ((await prometheus.value(`sum(up${OURS})`)) ?? 0),
      series: to('prometheus_tsdb_head_series'),
      samples_per_second: grown('prometheus_tsdb_head_samples_appended_total') / seconds,
      cores: grown('process_cpu_seconds_total') / seconds,
      memory_mb: to('process_resident_memory_bytes') / 1024 ** 2,
    };
  } finally {
    await prometheus.stop();
  }
}
