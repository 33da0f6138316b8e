/** Lite only: the store of logs and spans with what feeds it and what tells of it. */
import { listen } from '@lab/kit';
import { closeHttpServer, type Telemetry } from '@lab/telemetry';
import { type IngestEvent, openSignals, type SignalStore } from '../store/index.ts';
import type { ConsoleConfig } from './config.ts';
import { LogTails } from './logs/log-tails.ts';
import { createOtlpIntake } from './otlp/intake.ts';
import { StoreMetrics } from './store-metrics.ts';

export interface SignalServices {
  store: SignalStore;
  tails: LogTails;
  /** Opens the OTLP listener. @returns its port. */
  listen(): Promise<number>;
  close(): Promise<void>;
}

interface Options {
  config: Pick<ConsoleConfig, 'dataDirectory'>;
  signals: NonNullable<ConsoleConfig['signals']>;
  telemetry: Telemetry;
  onDeath: (error: Error) => void;
}

/** Rows of one segment: few enough that dropping one is quick, enough that few are searched. */
const LOG_SEGMENT_ROWS = 250_000;
const SPAN_SEGMENT_ROWS = 250_000;

export async function openSignalServices({
  config,
  signals,
  telemetry,
  onDeath,
}: Options): Promise<SignalServices> {
  const { logger } = telemetry;
  const metrics = new StoreMetrics(telemetry);
  let store: SignalStore;
  const tails = new LogTails((on) => {
    // Too busy to be told: then the tail stays as it is until the next change.
    store.ingest.call('tail', on).catch((error) => logger.warn('live tail cannot be switched', { error }));
  });
  const onEvent = (event: IngestEvent) => {
    switch (event.kind) {
      case 'stats':
        metrics.update(event.stats);
        break;
      case 'tail':
        tails.publish(event.lines, event.omitted);
        break;
      case 'notice':
        logger.warn(event.message, event.fields);
        break;
      case 'failure':
        logger.error(event.message, { 'event.action': 'store-failure', 'event.reason': event.reason });
    }
  };
  store = await openSignals(
    {
      directory: config.dataDirectory,
      logDirectory: signals.logDirectory ?? null,
      logLimits: { maxBytes: signals.maxLogBytes, maxAgeMs: signals.maxAgeMs, segmentRows: LOG_SEGMENT_ROWS },
      spanLimits: {
        maxBytes: signals.maxSpanBytes,
        maxAgeMs: signals.maxAgeMs,
        segmentRows: SPAN_SEGMENT_ROWS,
      },
    },
    { onEvent, onDeath },
  );
  const intake = createOtlpIntake({
    ingest: store.ingest,
    logger,
    maxBodyBytes: signals.otlp.maxBodyBytes,
    onRejected: (spans) => metrics.rejectedSpans(spans),
  });
  return {
    store,
    tails,
    listen: () => listen(intake, signals.otlp.host, signals.otlp.port),
    close: async () => {
      if (intake.listening) await closeHttpServer(intake);
      await store.close();
    },
  };
}
