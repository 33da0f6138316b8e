import type { Telemetry } from '@lab/telemetry';
import { logRecordSchema } from '../contract/logs.ts';
import type { IngestStats } from '../store/index.ts';
import { METRICS } from './metrics.ts';

/** Turns the store's running totals into metrics. */
export class StoreMetrics {
  readonly #written;
  readonly #rejected;
  readonly #evicted;
  readonly #defects;
  readonly #size;
  readonly #lag;
  #last: IngestStats | undefined;

  constructor(telemetry: Telemetry) {
    this.#written = telemetry.counter(METRICS.console_store_written_total);
    this.#rejected = telemetry.counter(METRICS.console_store_rejected_total);
    this.#evicted = telemetry.counter(METRICS.console_store_evicted_total);
    this.#defects = telemetry.counter(METRICS.console_store_defects_total);
    this.#size = telemetry.gauge(METRICS.console_store_size_bytes);
    this.#lag = telemetry.gauge(METRICS.console_store_lag_seconds);
    for (const signal of ['logs', 'spans']) {
      this.#written.inc({ signal }, 0);
      this.#rejected.inc({ signal }, 0);
      this.#evicted.inc({ signal }, 0);
    }
    for (const defect of logRecordSchema.shape.defect.unwrap().options) this.#defects.inc({ defect }, 0);
  }

  rejectedSpans(spans: number): void {
    this.#rejected.inc({ signal: 'spans' }, spans);
  }

  update(stats: IngestStats): void {
    const last = this.#last;
    this.#last = stats;
    this.#written.inc({ signal: 'logs' }, stats.logsWritten - (last?.logsWritten ?? 0));
    this.#written.inc({ signal: 'spans' }, stats.spansWritten - (last?.spansWritten ?? 0));
    this.#evicted.inc({ signal: 'logs' }, stats.logsEvicted - (last?.logsEvicted ?? 0));
    this.#evicted.inc({ signal: 'spans' }, stats.spansEvicted - (last?.spansEvicted ?? 0));
    for (const [defect, count] of Object.entries(stats.defects)) {
      this.#defects.inc({ defect }, count - (last?.defects[defect] ?? 0));
    }
    this.#size.set(stats.bytes);
    if (stats.logLagSeconds !== null) this.#lag.set({ signal: 'logs' }, stats.logLagSeconds);
    if (stats.spanLagSeconds !== null) this.#lag.set({ signal: 'spans' }, stats.spanLagSeconds);
  }
}
