/** Which headers pass the proxy, in either direction. */
import type { IncomingHttpHeaders } from 'node:http';

type Headers = Record<string, string | string[]>;

/** RFC 9110, 7.6.1, and what this hop decides itself. */
const HOP_BY_HOP = new Set([
  'connection',
  'keep-alive',
  'proxy-authenticate',
  'proxy-authorization',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);

/** Answered or written anew here: the server behind must not believe a client's word on these. */
const REWRITTEN = new Set([
  'host',
  'expect',
  'forwarded',
  'x-real-ip',
  'x-forwarded-for',
  'x-forwarded-host',
  'x-forwarded-port',
  'x-forwarded-proto',
  'x-forwarded-prefix',
]);

export interface Forwarded {
  for: string;
  host: string;
  proto: string;
}

/** @param added replaces what the client sent under the same names: trace context, request id. */
export function requestHeaders(
  incoming: IncomingHttpHeaders,
  forwarded: Forwarded,
  added: Readonly<Record<string, string>>,
): Headers {
  return {
    ...endToEnd(incoming, REWRITTEN),
    'x-forwarded-for': forwarded.for,
    'x-forwarded-host': forwarded.host,
    'x-forwarded-proto': forwarded.proto,
    ...added,
  };
}

export function responseHeaders(incoming: IncomingHttpHeaders): Headers {
  return endToEnd(incoming, new Set());
}

function endToEnd(incoming: IncomingHttpHeaders, dropped: ReadonlySet<string>): Headers {
  const named = connectionOptions(incoming.connection);
  const headers: Headers = {};
  for (const [name, value] of Object.entries(incoming)) {
    if (value === undefined || HOP_BY_HOP.has(name) || named.has(name) || dropped.has(name)) continue;
    headers[name] = value;
  }
  return headers;
}

/** Headers that `Connection` declares to be meant for this hop only. */
function connectionOptions(connection: string | undefined): Set<string> {
  return new Set((connection ?? '').split(',').map((name) => name.trim().toLowerCase()));
}
