import {
  context,
  defaultTextMapSetter,
  propagation,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import { describeError } from '../logging/describe-error.ts';
import { redactQuery } from '../logging/redaction.ts';
import { methodLabel } from './http-metrics.ts';
import { activeScope } from './request-scope.ts';

/** Calls to other services: W3C headers, the request id, and a client span where the trace is recorded. */

export interface OutgoingCall {
  readonly span: Span;
  /** W3C headers (`traceparent`, `tracestate`) and `x-request-id` to send along. */
  readonly headers: Record<string, string>;
  /** Ends the span; call once. `error.type` is set for status ≥ 400 or an error. */
  end(result: { statusCode?: number | undefined; error?: unknown }): void;
}

/** Adds `traceparent`, `tracestate` and `x-request-id` of the active request to `headers`, and returns them. */
export function injectTraceHeaders<H extends Record<string, unknown>>(headers: H): H {
  inject(headers, context.active());
  return headers;
}

/** Starts a client span named by its method, for callers that send the request themselves (web's proxy). Never throws. */
export function startClientSpan({ method, url }: { method: string; url: URL | string }): OutgoingCall {
  const label = methodLabel(method.toUpperCase());
  const span = trace
    .getTracer('@lab/telemetry')
    .startSpan(label === '_OTHER' ? 'HTTP' : label, { kind: SpanKind.CLIENT });
  if (span.isRecording()) describe(span, label, url);
  const headers: Record<string, string> = {};
  inject(headers, trace.setSpan(context.active(), span));
  return { span, headers, end: (result) => endClientSpan(span, result) };
}

/** `fetch` with a client span and W3C headers. Resolves and rejects as `fetch` does; the span ends with the answer's headers. */
export async function tracedFetch(input: string | URL, init: RequestInit = {}): Promise<Response> {
  const call = startClientSpan({ method: init.method ?? 'GET', url: input });
  const headers = new Headers(init.headers);
  for (const [name, value] of Object.entries(call.headers)) headers.set(name, value);
  try {
    const response = await fetch(input, { ...init, headers });
    call.end({ statusCode: response.status });
    return response;
  } catch (error) {
    call.end({ error });
    throw error;
  }
}

function inject(headers: Record<string, unknown>, active: ReturnType<typeof context.active>): void {
  propagation.inject(active, headers as Record<string, string>, defaultTextMapSetter);
  const requestId = activeScope()?.requestId;
  if (requestId !== undefined) (headers as Record<string, string>)['x-request-id'] = requestId;
}

/** Stable conventions: https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span */
function describe(span: Span, method: string, url: URL | string): void {
  span.setAttribute('http.request.method', method);
  const parsed = typeof url === 'string' ? URL.parse(url) : url;
  if (parsed === null) return;
  const query = parsed.search === '' ? '' : `?${redactQuery(parsed.search.slice(1))}`;
  span.setAttribute('url.full', `${parsed.origin}${parsed.pathname}${query}`);
  span.setAttribute('server.address', parsed.hostname);
  span.setAttribute('server.port', Number(parsed.port) || (parsed.protocol === 'https:' ? 443 : 80));
}

function endClientSpan(
  span: Span,
  { statusCode, error }: { statusCode?: number | undefined; error?: unknown },
): void {
  if (statusCode !== undefined) {
    span.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 400) {
      span.setAttribute('error.type', String(statusCode));
      span.setStatus({ code: SpanStatusCode.ERROR });
    }
  }
  if (error !== undefined) {
    const { type, message, code } =
      typeof error === 'object' && error ? describeError(error) : describeError({});
    span.setAttribute('error.type', code ?? type);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  }
  span.end();
}
