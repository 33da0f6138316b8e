import type { IncomingMessage } from 'node:http';
import { type Span, type SpanContext, TraceFlags, trace } from '@opentelemetry/api';
import type { Logger } from '../logging/types.ts';
import type { FastLogger } from '../logging/winston-logger.ts';
import type { Telemetry } from '../telemetry.ts';
import { clientAddress } from './client-address.ts';
import { sanitisedRequestId } from './request-id.ts';
import type { ActiveScope } from './request-scope.ts';

/** Stands in until, or where, no span can be started. */
const NO_SPAN = trace.wrapSpanContext({
  traceId: '0'.repeat(32),
  spanId: '0'.repeat(16),
  traceFlags: TraceFlags.NONE,
});

/** What is remembered of a request from its arrival to its end. */
export class RequestRecord implements ActiveScope {
  readonly requestId: string;
  readonly clientAddress: string;
  /** Milliseconds on the monotonic clock. */
  readonly startedAt = performance.now();
  /** The socket's count on arrival: keep-alive connections carry many answers. */
  readonly bytesBefore: number;
  readonly #logger: FastLogger;
  #span: Span = NO_SPAN;
  #ownLogger: Logger | undefined;

  constructor(telemetry: Telemetry, request: IncomingMessage, trustedProxies: number) {
    this.#logger = telemetry.logger as FastLogger;
    this.requestId = sanitisedRequestId(request.headers['x-request-id']);
    this.clientAddress = clientAddress(request, trustedProxies);
    this.bytesBefore = request.socket.bytesWritten ?? 0;
  }

  get span(): Span {
    return this.#span;
  }
  set span(span: Span) {
    this.#span = span;
    this.#ownLogger = undefined;
  }

  /** Of a sampled trace, for exemplars. */
  get sampledTraceId(): string | undefined {
    const { traceId, traceFlags } = this.#span.spanContext();
    return (traceFlags & TraceFlags.SAMPLED) === 0 ? undefined : traceId;
  }

  /** Made when somebody asks for it: most requests log nothing but their access line. */
  get logger(): Logger {
    this.#ownLogger ??= this.#logger.child(this.fields());
    return this.#ownLogger;
  }

  fields(): Record<string, string> {
    const context = this.#span.spanContext();
    return {
      'http.request.id': this.requestId,
      ...(isValid(context) && { 'trace.id': context.traceId, 'span.id': context.spanId }),
    };
  }

  /** The same as JSON text. The ids cannot hold a character that JSON would escape. */
  fieldsText(): string {
    const context = this.#span.spanContext();
    const id = `,"http.request.id":"${this.requestId}"`;
    return isValid(context) ? `${id},"trace.id":"${context.traceId}","span.id":"${context.spanId}"` : id;
  }
}

const isValid = ({ traceId }: SpanContext): boolean => traceId !== NO_SPAN.spanContext().traceId;
