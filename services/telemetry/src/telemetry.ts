import type { Counter, Gauge, OpenMetricsContentType, Registry } from 'prom-client';
import type { ServiceIdentity } from './identity.ts';
import type { Logger, LogOptions } from './logging/types.ts';
import type { CounterDefinition, GaugeDefinition, HistogramDefinition } from './metric-definitions.ts';
import type { LeanHistogram } from './metrics/lean-histogram.ts';

export interface TelemetryOptions {
  service: ServiceIdentity;
  log?: LogOptions;
  /** Collect the default Node.js metrics (`process_*`, `nodejs_*`). Default true. */
  defaultMetrics?: boolean;
}

/** Registry and logger of one program. Several may live in one process (tests). */
export interface Telemetry {
  readonly service: ServiceIdentity;
  readonly registry: Registry<OpenMetricsContentType>;
  readonly logger: Logger;
  /** The counter of that definition in this registry; made on first use. */
  counter<L extends string>(definition: CounterDefinition<L>): Counter<L>;
  /** The gauge of that definition; `collect` is called at each scrape (sync; may call `set`). */
  gauge<L extends string>(definition: GaugeDefinition<L>, collect?: (gauge: Gauge<L>) => void): Gauge<L>;
  /** The histogram of that definition. */
  histogram<L extends string>(definition: HistogramDefinition<L>): LeanHistogram<L>;
  /** Notes an error inside instrumentation: counted by component, logged at most once a second, never thrown. */
  internalError(component: string, error: unknown): void;
  /** Writes what is buffered: log records and spans. Takes at most a few seconds, never rejects. */
  shutdown(): Promise<void>;
}

/** @throws RangeError when an option is out of its range. */
export function createTelemetry(_options: TelemetryOptions): Telemetry {
  throw new Error('not built yet');
}
