/** Reads what the lab has used up to now, part by part: these are counters, so two looks make a rate. */
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { query, type Stack } from '@lab/cli';

export interface Consumption {
  /** The moment, in seconds since 1970. */
  at: number;
  /** Processor seconds by Prometheus’ job. */
  cpuSeconds: Map<string, number>;
  /** Requests that web passed on to the API. */
  requests: number;
  logLines: number;
  logBytes: number;
  spans: number;
  /** The size of the console’s store on disk: log lines and spans. */
  storeBytes: number;
  databaseBytes: number;
  /** Samples that Prometheus has taken in. */
  samples: number;
  /** Series that Prometheus holds in memory. */
  series: number;
  memoryBytes: Map<string, number>;
}

/** Every figure at one time, that of Prometheus’ last evaluation. Waits for nothing. */
export async function consumption(
  stack: Stack,
  logFolder: string,
  signal: AbortSignal,
): Promise<Consumption> {
  const ask = (expression: string) => query(stack.addresses.prometheus, expression, signal);
  const one = async (expression: string) => (await ask(expression))[0]?.value ?? 0;
  const byJob = await ask('sum by (job) (process_cpu_seconds_total)');
  const parts = await stack.status();
  return {
    at: await one('max(timestamp(process_cpu_seconds_total))'),
    cpuSeconds: new Map(byJob.map(({ labels, value }) => [labels['job'] ?? '?', value])),
    requests: await one('sum(http_requests_total{job="taskmanager-frontend",route="/api/*"})'),
    logLines: await one('sum(log_records_total)'),
    logBytes: await folderBytes(logFolder),
    spans: await one('sum(console_store_written_total{signal="spans"})'),
    storeBytes: await one('sum(console_store_size_bytes)'),
    databaseBytes: await one('sum(pg_database_size_bytes{datname="taskmanager"})'),
    samples: await one('sum(prometheus_tsdb_head_samples_appended_total)'),
    series: await one('sum(prometheus_tsdb_head_series)'),
    memoryBytes: new Map(parts.map(({ name, memoryBytes }) => [name, memoryBytes ?? 0])),
  };
}

async function folderBytes(folder: string): Promise<number> {
  const sizes = await Promise.all(
    (await readdir(folder)).map(async (name) => (await stat(join(folder, name))).size),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}
