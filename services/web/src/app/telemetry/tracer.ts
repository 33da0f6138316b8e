/**
 * A lean tracer: spans for the loading of the page and for each request to the API, nothing patched. Requests of the
 * first view belong to the page's trace; once the user acts, each request begins a trace of its own.
 */
import type { AttributeValue, BrowserSpan } from './otlp-json.ts';
import { formatTraceparent, randomHex, type SpanContext } from './trace-context.ts';

export interface ActiveSpan {
  /** Value of the `traceparent` header that makes the server's span a child of this one. */
  traceparent: string;
  setAttribute(name: string, value: AttributeValue): void;
  /** @param error why the operation failed, if it did. */
  end(error?: string): void;
}

export interface Tracer {
  /** Begins the span of a request to a server. */
  startRequest(name: string, attributes: Record<string, AttributeValue>): ActiveSpan;
  /** Records the page's own span; times are milliseconds since the epoch. */
  recordPage(span: Pick<BrowserSpan, 'name' | 'start' | 'end' | 'attributes' | 'events'>): void;
  /** The user did something: what follows is no longer part of the page's loading. */
  leavePage(): void;
}

export interface TracerOptions {
  sampleRatio: number;
  /** The server's span that answered with the page. */
  parent?: SpanContext;
  record: (span: BrowserSpan) => void;
  /** Milliseconds since the epoch from a clock that does not step. */
  now?: () => number;
  random?: () => number;
}

export function createTracer(options: TracerOptions): Tracer {
  const { sampleRatio, parent, record, random = Math.random } = options;
  const now = options.now ?? (() => performance.timeOrigin + performance.now());
  const newTrace = () => ({ traceId: randomHex(16), sampled: random() < sampleRatio });
  const page = { ...(parent ?? newTrace()), spanId: randomHex(8) };
  let onPage = true;

  function startRequest(name: string, attributes: Record<string, AttributeValue>): ActiveSpan {
    const { traceId, sampled } = onPage ? page : newTrace();
    const spanId = randomHex(8);
    const span: BrowserSpan = {
      traceId,
      spanId,
      ...(onPage ? { parentSpanId: page.spanId } : {}),
      name,
      kind: 'client',
      start: now(),
      end: 0,
      attributes: { ...attributes },
    };
    return {
      traceparent: formatTraceparent({ traceId, spanId, sampled }),
      setAttribute(key, value) {
        span.attributes[key] = value;
      },
      end(error) {
        if (!sampled || span.end !== 0) return;
        span.end = now();
        record(error === undefined ? span : { ...span, error });
      },
    };
  }

  return {
    startRequest,
    recordPage(span) {
      if (!page.sampled) return;
      const { traceId, spanId } = page;
      record({
        ...span,
        traceId,
        spanId,
        ...(parent ? { parentSpanId: parent.spanId } : {}),
        kind: 'internal',
      });
    },
    leavePage() {
      onPage = false;
    },
  };
}
