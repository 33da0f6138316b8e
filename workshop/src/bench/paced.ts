/**
 * The fixed rate: requests leave when they are due, evenly spaced, whatever became of those before (open model). autocannon's
 * `rate` is none: each of its connections asks as fast as it can until its share of the second is used up and then rests, so
 * that its latencies are those of a saturated server.
 */
import { Pool } from 'undici';
import type { Result, Target } from './result.ts';

export interface PacedOptions {
  /** Requests per second. */
  rate: number;
  seconds: number;
  connections: number;
}

/** How often it is looked whether a request is due, ms: the shortest that a timer knows. */
const TICK_MS = 1;

/** Latencies count from the moment a request was due: what waits for a free connection has waited. */
export async function paced({ url, headers }: Target, options: PacedOptions): Promise<Result> {
  const { rate, seconds, connections } = options;
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections, pipelining: 1 });
  const wanted = Math.round(rate * seconds);
  const latencies: number[] = [];
  let failed = 0;
  const ask = async (due: number): Promise<void> => {
    try {
      const { statusCode, body } = await pool.request({ path: pathname, method: 'GET', headers });
      await body.dump();
      if (statusCode === 200) latencies.push(performance.now() - due);
      else failed += 1;
    } catch {
      // A connection that broke is a failed request, and any of those ends the measurement.
      failed += 1;
    }
  };
  const began = performance.now();
  const asked: Promise<void>[] = [];
  try {
    await new Promise<void>((resolve) => {
      const timer = setInterval(() => {
        const due = Math.min(wanted, Math.floor(((performance.now() - began) / 1_000) * rate));
        while (asked.length < due) asked.push(ask(began + (asked.length / rate) * 1_000));
        if (asked.length < wanted) return;
        clearInterval(timer);
        resolve();
      }, TICK_MS);
    });
    await Promise.all(asked);
  } finally {
    await pool.close();
  }
  const elapsed = (performance.now() - began) / 1_000;
  latencies.sort((one, other) => one - other);
  const quantile = (share: number) => latencies[Math.ceil(share * latencies.length) - 1] ?? 0;
  return {
    requests: latencies.length,
    requestsPerSecond: latencies.length / elapsed,
    p50: quantile(0.5),
    p99: quantile(0.99),
    failed,
  };
}
