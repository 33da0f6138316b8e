import type { Context } from '@opentelemetry/api';
import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import type { ReadableSpan, Span, SpanExporter, SpanProcessor } from '@opentelemetry/sdk-trace';
import { startPrecisely } from './precise-start.ts';
import { spanDrops } from './span-drops.ts';

/** The SDK says neither that its queue is full nor that an export failed; these two wrappers, around both of its ends, can tell. */

/** Spans between the end of a span and its hand-over to the exporter. */
export interface QueueGauge {
  waiting: number;
}

/** Counts and drops what would not fit into the batch processor's queue. */
export class CountingProcessor implements SpanProcessor {
  readonly #inner: SpanProcessor;
  readonly #queue: QueueGauge;
  readonly #maxQueueSize: number;

  constructor(inner: SpanProcessor, queue: QueueGauge, maxQueueSize: number) {
    this.#inner = inner;
    this.#queue = queue;
    this.#maxQueueSize = maxQueueSize;
  }

  onStart(span: Span, parent: Context): void {
    startPrecisely(span);
    this.#inner.onStart(span, parent);
  }

  onEnd(span: ReadableSpan): void {
    if (this.#queue.waiting >= this.#maxQueueSize) {
      spanDrops.queue_full += 1;
      return;
    }
    this.#queue.waiting += 1;
    this.#inner.onEnd(span);
  }

  forceFlush(): Promise<void> {
    return this.#inner.forceFlush();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }
}

/** Counts spans whose export failed, threw, or had no result in time; a late result no longer matters. */
export class CountingExporter implements SpanExporter {
  readonly #inner: SpanExporter;
  readonly #queue: QueueGauge;
  readonly #timeoutMs: number;

  constructor(inner: SpanExporter, queue: QueueGauge, timeoutMs: number) {
    this.#inner = inner;
    this.#queue = queue;
    this.#timeoutMs = timeoutMs;
  }

  export(spans: ReadableSpan[], report: (result: ExportResult) => void): void {
    this.#queue.waiting -= spans.length;
    let reported = false;
    const once = (result: ExportResult) => {
      if (reported) return;
      reported = true;
      clearTimeout(timer);
      if (result.code !== ExportResultCode.SUCCESS) spanDrops.export_failed += spans.length;
      report(result);
    };
    const fail = (error: Error) => once({ code: ExportResultCode.FAILED, error });
    const timer = setTimeout(
      () => fail(new Error(`no result of the export within ${this.#timeoutMs} ms`)),
      this.#timeoutMs,
    ).unref();
    try {
      this.#inner.export(spans, once);
    } catch (error) {
      fail(error instanceof Error ? error : new Error(String(error)));
    }
  }

  async forceFlush(): Promise<void> {
    await this.#inner.forceFlush?.();
  }

  shutdown(): Promise<void> {
    return this.#inner.shutdown();
  }
}
