import type { IncomingMessage, ServerResponse } from 'node:http';
import {
  type Context,
  defaultTextMapGetter,
  propagation,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
} from '@opentelemetry/api';
import { redactQuery } from '../logging/redaction.ts';
import { methodLabel } from './http-metrics.ts';

/** Server spans by OpenTelemetry's stable HTTP conventions: https://opentelemetry.io/docs/specs/semconv/http/http-spans/ */

/** The context that the caller sent in W3C headers, else the root. */
export function incomingContext(request: IncomingMessage): Context {
  return request.headers['traceparent'] === undefined
    ? ROOT_CONTEXT
    : propagation.extract(ROOT_CONTEXT, request.headers, defaultTextMapGetter);
}

/** Starts the span of a request. Attributes are only worked out for spans that are recorded. */
export function startServerSpan(
  tracer: Tracer,
  request: IncomingMessage,
  parent: Context,
  known: { requestId: string; clientAddress: string },
): Span {
  const method = methodLabel(request.method);
  const span = tracer.startSpan(method === '_OTHER' ? 'HTTP' : method, { kind: SpanKind.SERVER }, parent);
  if (!span.isRecording()) return span;
  const { headers, socket } = request;
  const url = request.url ?? '/';
  const query = url.indexOf('?');
  span.setAttribute('http.request.method', method);
  if (method === '_OTHER')
    span.setAttribute('http.request.method_original', (request.method ?? '').slice(0, 32));
  span.setAttribute('url.scheme', 'encrypted' in socket ? 'https' : 'http');
  span.setAttribute('url.path', query === -1 ? url : url.slice(0, query));
  if (query !== -1) span.setAttribute('url.query', redactQuery(url.slice(query + 1)));
  const { host } = headers;
  if (host !== undefined) {
    const colon = host.lastIndexOf(':');
    const hasPort = colon > 0 && host.indexOf(']', colon) === -1;
    span.setAttribute('server.address', hasPort ? host.slice(0, colon) : host);
    const port = hasPort ? Number(host.slice(colon + 1)) : Number.NaN;
    if (Number.isInteger(port)) span.setAttribute('server.port', port);
  }
  span.setAttribute('network.protocol.version', request.httpVersion);
  if (socket.remoteAddress !== undefined) span.setAttribute('network.peer.address', socket.remoteAddress);
  if (socket.remotePort !== undefined) span.setAttribute('network.peer.port', socket.remotePort);
  span.setAttribute('client.address', known.clientAddress);
  if (headers['user-agent'] !== undefined)
    span.setAttribute('user_agent.original', headers['user-agent'].slice(0, 512));
  span.setAttribute('http.request.id', known.requestId);
  return span;
}

/** Names the span by its route and ends it. @param statusCode 499 where the client went away. */
export function endServerSpan(
  span: Span,
  method: string,
  route: string,
  response: ServerResponse,
  statusCode: number,
): void {
  if (span.isRecording()) {
    if (route !== 'unmatched') {
      span.updateName(`${method === '_OTHER' ? 'HTTP' : method} ${route}`);
      span.setAttribute('http.route', route);
    }
    span.setAttribute('http.response.status_code', statusCode);
    if (statusCode >= 500 || statusCode === 499) span.setAttribute('error.type', String(statusCode));
    if (statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR });
    if (response.errored) span.recordException(response.errored);
  }
  span.end();
}
