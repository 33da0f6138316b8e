/** Passes the browser's spans on to OTLP in batches. What cannot be kept or delivered is dropped, and counted. */
import { countDroppedSpans, type Logger, type ServiceIdentity } from '@lab/telemetry';
import { request } from 'undici';
import { BROWSER_SERVICE_NAME } from '../../shared/intake.ts';
import type { IntakeSpan } from './span-schema.ts';

export interface SpanForwarder {
  add(spans: readonly IntakeSpan[]): void;
  /** Sends what is queued; never rejects, and takes no longer than one request may. */
  close(): Promise<void>;
}

export interface SpanForwarderOptions {
  logger: Logger;
  service: ServiceIdentity;
  /** OTLP base URL; undefined: every span is discarded, by intent and uncounted. */
  endpoint: URL | undefined;
  /** Spans that may wait. */
  queueSize?: number;
  /** Milliseconds between batches. */
  interval?: number;
  /** Milliseconds until a delivery has failed. */
  timeout?: number;
}

const BATCH = 512;

export function createSpanForwarder(options: SpanForwarderOptions): SpanForwarder {
  const { logger, service, endpoint, queueSize = 2048, interval = 1000, timeout = 5000 } = options;
  if (endpoint === undefined) return { add: () => {}, close: async () => {} };
  const url = new URL(`${endpoint.pathname.replace(/\/$/, '')}/v1/traces`, endpoint);
  let queue: IntakeSpan[] = [];
  let timer: NodeJS.Timeout | undefined;
  let sending: Promise<void> | undefined;

  async function deliver(spans: readonly IntakeSpan[]): Promise<void> {
    try {
      const answer = await request(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(exportRequest(spans, service)),
        signal: AbortSignal.timeout(timeout),
      });
      await answer.body.dump();
      if (answer.statusCode >= 300)
        throw new Error(`expected status 200 from ${url.href}, got ${answer.statusCode}`);
    } catch (error) {
      countDroppedSpans('export_failed', spans.length);
      warn(logger, spans.length, error);
    }
  }

  async function drain(): Promise<void> {
    while (queue.length > 0) {
      const batch = queue.slice(0, BATCH);
      queue = queue.slice(BATCH);
      await deliver(batch);
    }
  }

  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    sending ??= drain().finally(() => {
      sending = undefined;
    });
    return sending;
  }

  return {
    add(spans) {
      const room = Math.max(0, queueSize - queue.length);
      queue.push(...spans.slice(0, room));
      if (spans.length > room) countDroppedSpans('queue_full', spans.length - room);
      timer ??= setTimeout(() => void flush(), interval).unref();
    },
    async close() {
      const limit = new Promise<void>((resolve) => setTimeout(resolve, timeout).unref());
      await Promise.race([flush(), limit]);
    },
  };
}

function warn(logger: Logger, count: number, error: unknown): void {
  logger.warn('Spans of browsers could not be delivered', {
    'event.action': 'browser-spans-dropped',
    'labels.spans': count,
    error,
  });
}

/** One resource for all: the sender's word on who it is does not count. */
function exportRequest(spans: readonly IntakeSpan[], service: ServiceIdentity) {
  const resource = {
    'service.name': BROWSER_SERVICE_NAME,
    'service.version': service.version,
    'deployment.environment.name': service.environment,
  };
  return {
    resourceSpans: [
      {
        resource: {
          attributes: Object.entries(resource).map(([key, value]) => ({
            key,
            value: { stringValue: value },
          })),
        },
        scopeSpans: [{ scope: { name: 'taskmanager-web/intake' }, spans }],
      },
    ],
  };
}
