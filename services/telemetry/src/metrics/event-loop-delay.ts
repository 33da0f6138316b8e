/**
 * The event loop's delay as gauges that anybody may read as often as they like. Those of prom-client belong to whoever reads first: each
 * scrape empties their histogram, so of two Prometheus servers each sees only what happened since the other one's scrape
 * (findings/prom-client-event-loop-lag-is-read-once.sh).
 */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge, type Registry } from 'prom-client';

/** A window of the histogram. As long as the lab's scrape interval, so that whoever reads every time misses no moment. */
const WINDOW_MS = 5_000;
const NANOSECONDS = 1e9;

type Window = ReturnType<typeof monitorEventLoopDelay>;
type Statistic = (window: Window) => number;

/** What is told, by prom-client's names. Of the two windows the worse one is told; of the least delay, the lesser. */
const STATISTICS: readonly (readonly [name: string, help: string, of: Statistic])[] = [
  ['min', 'The minimum recorded event loop delay.', ({ min }) => min],
  ['max', 'The maximum recorded event loop delay.', ({ max }) => max],
  ['mean', 'The mean of the recorded event loop delays.', ({ mean }) => mean],
  ['stddev', 'The standard deviation of the recorded event loop delays.', ({ stddev }) => stddev],
  ['p50', 'The 50th percentile of the recorded event loop delays.', (window) => window.percentile(50)],
  ['p90', 'The 90th percentile of the recorded event loop delays.', (window) => window.percentile(90)],
  ['p99', 'The 99th percentile of the recorded event loop delays.', (window) => window.percentile(99)],
];

/** Measures from its making until `stop`. */
export class EventLoopDelay {
  #current = startWindow();
  #last: Window | undefined;
  readonly #turn: NodeJS.Timeout;

  /** @param registry holds prom-client's default metrics; those that each scrape empties are replaced. */
  constructor(registry: Registry) {
    for (const [name, help, of] of STATISTICS) {
      const metric = `nodejs_eventloop_lag_${name}_seconds`;
      registry.removeSingleMetric(metric);
      const read = () => this.#read(of, name === 'min' ? Math.min : Math.max);
      new Gauge({
        name: metric,
        help,
        registers: [registry],
        collect() {
          this.set(read());
        },
      });
    }
    // It keeps no process alive.
    this.#turn = setInterval(() => this.#begin(), WINDOW_MS).unref();
  }

  stop(): void {
    clearInterval(this.#turn);
    this.#current.disable();
  }

  #begin(): void {
    this.#current.disable();
    this.#last = this.#current;
    this.#current = startWindow();
  }

  /** Seconds; 0 before the first sample. */
  #read(of: Statistic, choose: (...values: number[]) => number): number {
    const windows = (this.#last ? [this.#last, this.#current] : [this.#current]).filter(
      ({ count }) => count > 0,
    );
    return windows.length === 0 ? 0 : choose(...windows.map(of)) / NANOSECONDS;
  }
}

function startWindow(): Window {
  const window = monitorEventLoopDelay();
  window.enable();
  return window;
}
