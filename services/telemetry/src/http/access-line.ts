import type { IncomingMessage, ServerResponse } from 'node:http';
import { encodeText } from '../logging/encode.ts';
import { redactQuery } from '../logging/redaction.ts';
import type { RequestRecord } from './request-record.ts';

/** How a request ended. */
export interface Outcome {
  method: string;
  route: string;
  statusCode: number;
  durationNanoseconds: number;
}

/** The one line that says a request was answered, as JSON text: the hottest record, so made by hand (held by tests as valid JSON). */
export function accessFields(
  request: IncomingMessage & { originalUrl?: string },
  response: ServerResponse,
  record: RequestRecord,
  { method, route, statusCode, durationNanoseconds }: Outcome,
): string {
  const url = request.originalUrl ?? request.url ?? '/';
  const query = url.indexOf('?');
  let text = `${record.fieldsText()},"event.action":"http_request","http.request.method":"${method}"`;
  text += `,"http.route":${JSON.stringify(route)},"url.path":${encodeText(query === -1 ? url : url.slice(0, query), 1_000)}`;
  if (query !== -1)
    text += `,"url.query":${JSON.stringify(redactQuery(url.slice(query + 1, query + 1_000)))}`;
  text += `,"http.response.status_code":${statusCode},"event.duration":${durationNanoseconds}`;
  text += `,"client.ip":${JSON.stringify(record.clientAddress)}`;
  const bytes = bodyBytes(request, response);
  if (bytes !== undefined) text += `,"http.response.body.bytes":${bytes}`;
  else
    text += `,"http.response.bytes":${(request.socket?.bytesWritten ?? record.bytesBefore) - record.bytesBefore}`;
  const agent = request.headers['user-agent'];
  if (agent !== undefined) text += `,"user_agent.original":${encodeText(agent, 256)}`;
  return text;
}

/** The length that the answer announced; undefined where it was sent in chunks (then the line tells what went over the socket). */
function bodyBytes(request: IncomingMessage, response: ServerResponse): number | undefined {
  if (request.method === 'HEAD' || response.statusCode === 204 || response.statusCode === 304) return 0;
  const length = response.getHeader('content-length');
  if (length === undefined) return undefined;
  const bytes = Number(length);
  return Number.isSafeInteger(bytes) && bytes >= 0 ? bytes : undefined;
}
