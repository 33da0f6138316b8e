import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { decodeTraceRequest, OtlpDecodeError, type OtlpSpan } from '@lab/telemetry/otlp';
import { eventually } from './eventually.ts';

/** A tracing backend for tests: takes OTLP over HTTP (protobuf or JSON, gzip or not) and keeps the spans. */
export interface OtlpSink extends AsyncDisposable {
  /** Base URL for OTEL_EXPORTER_OTLP_ENDPOINT. */
  url: string;
  /** Everything received, in the order of arrival. */
  spans: OtlpSpan[];
  /** Bodies that could not be decoded, and requests to other paths. */
  problems: string[];
  /** Waits until a received span satisfies `test`. */
  span(what: string, test: (span: OtlpSpan) => boolean): Promise<OtlpSpan>;
  clear(): void;
}

export async function startOtlpSink(port = 0): Promise<OtlpSink> {
  const spans: OtlpSpan[] = [];
  const problems: string[] = [];
  const server = createServer((request, response) => {
    read(request).then(
      (received) => {
        spans.push(...received);
        // An empty ExportTraceServiceResponse is no bytes in protobuf.
        const type = request.headers['content-type'] ?? '';
        response.writeHead(200, { 'content-type': type }).end(type.includes('json') ? '{}' : '');
      },
      (error: unknown) => {
        problems.push(String(error));
        response.writeHead(error instanceof OtlpDecodeError ? 400 : 404).end(String(error));
      },
    );
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
  return {
    url: `http://127.0.0.1:${address.port}`,
    spans,
    problems,
    span: (what, test) => eventually(`span: ${what}`, () => spans.find(test)),
    clear: () => spans.splice(0),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(request: IncomingMessage): Promise<OtlpSpan[]> {
  if (request.method !== 'POST' || request.url !== '/v1/traces') {
    request.resume();
    throw new Error(`expected POST /v1/traces, received ${request.method} ${request.url}`);
  }
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const body = Buffer.concat(pieces);
  const plain = request.headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body;
  return decodeTraceRequest(plain, request.headers['content-type'] ?? '');
}
