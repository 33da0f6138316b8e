import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  type Metric,
  type OpenMetricsContentType,
  Registry,
} from 'prom-client';
import type { ServiceIdentity } from './identity.ts';
import { BoundedSink } from './logging/bounded-output.ts';
import { EcsLines } from './logging/ecs-line.ts';
import { FileDestination } from './logging/file-destination.ts';
import { LogOutput } from './logging/log-output.ts';
import { stdoutDestination } from './logging/stdout-destination.ts';
import type { Logger, LogOptions } from './logging/types.ts';
import { createLogger, type FastLogger } from './logging/winston-logger.ts';
import { LOG_LEVELS, type LogLevel, METRICS } from './metric-definitions.ts';
import type { CounterDefinition, GaugeDefinition, HistogramDefinition } from './metrics/definition.ts';
import { EventLoopDelay } from './metrics/event-loop-delay.ts';
import { LeanHistogram } from './metrics/lean-histogram.ts';
import { SPAN_DROP_REASONS, spanDrops } from './tracing/span-drops.ts';
import { flushTracing } from './tracing/tracing-state.ts';

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
  /** A counter whose totals are kept elsewhere and read at each scrape. */
  collectedCounter<L extends string>(
    definition: CounterDefinition<L>,
    totals: () => Iterable<Total<L>>,
  ): void;
  /** The gauge of that definition; `collect` is called at each scrape (sync; may call `set`). */
  gauge<L extends string>(definition: GaugeDefinition<L>, collect?: (gauge: Gauge<L>) => void): Gauge<L>;
  /** The histogram of that definition. */
  histogram<L extends string>(definition: HistogramDefinition<L>): LeanHistogram<L>;
  /** Notes an error inside instrumentation: counted by component, logged at most once a second, never thrown. */
  internalError(component: string, error: unknown): void;
  /** Writes what is buffered: spans and log records. Takes at most a few seconds, never rejects. Log lines that come later are lost. */
  shutdown(): Promise<void>;
}

/** One series of a collected counter. */
export interface Total<L extends string> {
  labels: Record<L, string>;
  count: number;
}

/** Longest time that `shutdown` waits for spans, and then for log outputs, ms. */
const SHUTDOWN_PATIENCE_MS = 2_000;
const ERROR_LOG_EVERY_MS = 1_000;

/** @throws RangeError when an option is out of its range. */
export function createTelemetry(options: TelemetryOptions): Telemetry {
  return new ProcessTelemetry(options);
}

class ProcessTelemetry implements Telemetry {
  readonly service: ServiceIdentity;
  readonly registry: Registry<OpenMetricsContentType>;
  readonly logger: FastLogger;
  readonly #output: LogOutput;
  readonly #records = new Map<LogLevel, number>(LOG_LEVELS.map((level) => [level, 0]));
  readonly #lost = new Map<string, number>();
  readonly #errors: Counter<'component'>;
  #errorLogged = Number.NEGATIVE_INFINITY;
  readonly #eventLoopDelay: EventLoopDelay | undefined;

  constructor({ service, log = {}, defaultMetrics = true }: TelemetryOptions) {
    this.service = service;
    // The content type comes before any metric: prom-client checks it when a metric is made.
    this.registry = new Registry<OpenMetricsContentType>();
    this.registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
    this.#errors = this.counter(METRICS.telemetry_errors_total);
    this.#output = new LogOutput(
      this.#sinks(log),
      inRange('log.flushEveryMs', log.flushEveryMs ?? 50, 1, 100),
    );
    this.logger = createLogger({
      lines: new EcsLines(service),
      output: this.#output,
      level: log.level ?? 'info',
      onRecord: (level) => this.#records.set(level, (this.#records.get(level) ?? 0) + 1),
      onError: (error) => this.internalError('logger', error),
    });
    this.#ownMetrics();
    if (defaultMetrics) {
      const register = this.registry as unknown as Registry;
      collectDefaultMetrics({ register });
      this.#eventLoopDelay = new EventLoopDelay(register);
    }
  }

  counter<L extends string>(definition: CounterDefinition<L>): Counter<L> {
    const known = this.registry.getSingleMetric(definition.name);
    if (known instanceof Counter) return known as Counter<L>;
    const counter = new Counter<L>(this.#config(definition));
    if (definition.labels.length === 0) counter.inc(0);
    return counter;
  }

  collectedCounter<L extends string>(
    definition: CounterDefinition<L>,
    totals: () => Iterable<Total<L>>,
  ): void {
    new Counter<L>({
      ...this.#config(definition),
      collect() {
        this.reset();
        for (const { labels, count } of totals()) this.inc(labels, count);
      },
    });
  }

  gauge<L extends string>(definition: GaugeDefinition<L>, collect?: (gauge: Gauge<L>) => void): Gauge<L> {
    const known = this.registry.getSingleMetric(definition.name);
    if (known instanceof Gauge) return known as Gauge<L>;
    const report = (error: unknown) => this.internalError('metrics', error);
    return new Gauge<L>({
      ...this.#config(definition),
      ...(collect && {
        collect() {
          try {
            collect(this);
          } catch (error) {
            // One gauge that cannot be read must not cost the whole scrape.
            report(error);
          }
        },
      }),
    });
  }

  histogram<L extends string>(definition: HistogramDefinition<L>): LeanHistogram<L> {
    const known: unknown = this.registry.getSingleMetric(definition.name);
    if (known instanceof LeanHistogram) return known;
    const histogram = new LeanHistogram(definition);
    if (definition.labels.length === 0) histogram.child({} as Record<L, string>);
    // The registry asks a metric for name, type and `getForPromString` only; its type wants one of prom-client's classes.
    this.registry.registerMetric(histogram as unknown as Metric);
    return histogram;
  }

  internalError(component: string, error: unknown): void {
    try {
      this.#errors.inc({ component });
      const now = performance.now();
      if (now - this.#errorLogged < ERROR_LOG_EVERY_MS) return;
      this.#errorLogged = now;
      this.logger.warn('instrumentation failed; the application is not affected', {
        'event.module': component,
        error,
      });
    } catch {
      // Reporting failed too: there is nobody else to tell, and the application must not notice.
    }
  }

  async shutdown(): Promise<void> {
    this.#eventLoopDelay?.stop();
    await flushTracing(SHUTDOWN_PATIENCE_MS);
    await this.#output.close(SHUTDOWN_PATIENCE_MS);
  }

  #config<L extends string>({ name, help, labels }: CounterDefinition<L> | GaugeDefinition<L>) {
    // Typed for the default content type only: a metric does not care which one prints it.
    return { name, help, labelNames: [...labels], registers: [this.registry as unknown as Registry] };
  }

  #sinks(log: LogOptions): BoundedSink[] {
    const maxBytes = inRange('log.maxBufferedBytes', log.maxBufferedBytes ?? 4 * 2 ** 20, 2 ** 17, 2 ** 30);
    const sink = (destination: ConstructorParameters<typeof BoundedSink>[0]) => {
      this.#lost.set(destination.name, 0);
      return new BoundedSink(destination, maxBytes, (records) =>
        this.#lost.set(destination.name, (this.#lost.get(destination.name) ?? 0) + records),
      );
    };
    const sinks: BoundedSink[] = [];
    if (log.stdout ?? true) sinks.push(sink(stdoutDestination()));
    if (log.file) {
      const file = {
        path: log.file,
        maxBytes: inRange('log.fileMaxBytes', log.fileMaxBytes ?? 50_000_000, 0, 2 ** 40),
        keep: inRange('log.fileKeep', log.fileKeep ?? 3, 1, 100),
        onError: (error: unknown) => this.internalError('log_file', error),
      };
      sinks.push(sink(new FileDestination(file)));
    }
    return sinks;
  }

  #ownMetrics(): void {
    const { service } = this;
    this.gauge(METRICS.service_info).set(
      { service: service.name, version: service.version, environment: service.environment },
      1,
    );
    const records = this.#records;
    this.collectedCounter(METRICS.log_records_total, function* () {
      for (const [level, count] of records) yield { labels: { level }, count };
    });
    const lost = this.#lost;
    this.collectedCounter(METRICS.telemetry_log_records_dropped_total, function* () {
      for (const [output, count] of lost) yield { labels: { output }, count };
    });
    this.collectedCounter(METRICS.telemetry_spans_dropped_total, function* () {
      for (const reason of SPAN_DROP_REASONS) yield { labels: { reason }, count: spanDrops[reason] };
    });
  }
}

function inRange(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  throw new RangeError(`${name}: expected a whole number from ${least} to ${most}, received ${value}`);
}
