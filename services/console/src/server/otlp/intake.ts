/**
 * OTLP/HTTP intake of spans, on a listener of its own: `POST /v1/traces`. A request is answered with success when its spans are
 * stored; whatever cannot be taken now is answered so that the exporter sends it again. Not traced itself: a span about taking
 * spans would never end.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Logger } from '@lab/telemetry';
import { type IngestStore, ThreadBusyError, ThreadError } from '../../store/index.ts';
import { type Encoding, exportBody, statusBody } from './status-body.ts';

export interface IntakeOptions {
  ingest: IngestStore;
  logger: Logger;
  /** Of a request as it comes over the wire; unzipped it may be eight times as long. */
  maxBodyBytes: number;
  /** Called for each request that was refused, with the number of spans where it is known, else 1. */
  onRejected: (spans: number) => void;
}

/** Bodies that may be on their way to the store at once, bytes; beyond, exporters are told to come back. */
const MAX_WAITING_BYTES = 48 * 1024 * 1024;
const MAX_REQUESTS = 100;
const UNZIPPED_TIMES = 8;
const LOG_EVERY_MS = 10_000;
const INVALID_ARGUMENT = 3;
const RESOURCE_EXHAUSTED = 8;
const INTERNAL = 13;
const UNAVAILABLE = 14;
const unzip = promisify(gunzip);

class Refusal extends Error {
  readonly status: number;
  readonly code: number;
  constructor(status: number, code: number, message: string) {
    super(message);
    this.status = status;
    this.code = code;
  }
}

export function createOtlpIntake(options: IntakeOptions): Server {
  const intake = new Intake(options);
  return createServer({ headersTimeout: 10_000, requestTimeout: 30_000 }, (request, response) => {
    void intake.take(request, response);
  });
}

class Intake {
  readonly #options: IntakeOptions;
  #waitingBytes = 0;
  #requests = 0;
  #loggedMs = 0;

  constructor(options: IntakeOptions) {
    this.#options = options;
  }

  async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const encoding = encodingOf(request);
    let reserved = 0;
    this.#requests++;
    try {
      check(request, this.#options.maxBodyBytes);
      if (this.#requests > MAX_REQUESTS || this.#waitingBytes > MAX_WAITING_BYTES) {
        throw new Refusal(503, UNAVAILABLE, 'too many spans at once; send them again');
      }
      const sent = await readBody(request, this.#options.maxBodyBytes, (bytes) => {
        reserved += bytes;
        this.#waitingBytes += bytes;
      });
      const body = await plain(sent, request, this.#options.maxBodyBytes * UNZIPPED_TIMES);
      const { rejected, reason } = await this.#store(body, request.headers['content-type'] ?? '');
      if (rejected > 0) this.#rejected(rejected, reason);
      answer(response, 200, encoding, exportBody(encoding, rejected, reason));
    } catch (error) {
      this.#refuse(error, request, response, encoding);
    } finally {
      this.#requests--;
      this.#waitingBytes -= reserved;
    }
  }

  async #store(body: Uint8Array<ArrayBuffer>, contentType: string) {
    try {
      return await this.#options.ingest.call('addSpans', { body, contentType }, { transfer: [body.buffer] });
    } catch (error) {
      if (error instanceof ThreadBusyError) throw new Refusal(503, UNAVAILABLE, error.message);
      if (error instanceof ThreadError && error.name === 'OtlpDecodeError')
        throw new Refusal(400, INVALID_ARGUMENT, error.message);
      // The disk is full, most likely: a retry may find room.
      throw Object.assign(new Refusal(503, UNAVAILABLE, 'spans cannot be stored now; send them again'), {
        cause: error,
      });
    }
  }

  #refuse(error: unknown, request: IncomingMessage, response: ServerResponse, encoding: Encoding): void {
    // The exporter left: nobody to answer, and it will send the same again.
    if (request.errored || response.destroyed) return;
    const refusal =
      error instanceof Refusal ? error : new Refusal(500, INTERNAL, 'see the log of the console');
    // What is told to come back is not lost.
    // What every SDK's default exporter of metrics sends is no span.
    if (NO_SPANS.includes(refusal.status)) this.#log('no spans', refusal.message);
    else if (refusal.status !== 503) this.#rejected(1, refusal.message);
    else if (refusal.cause !== undefined) this.#log('spans cannot be stored', refusal.cause);
    if (refusal.status === 500) this.#log('OTLP intake failed', error);
    if (refusal.status === 503) response.setHeader('Retry-After', '1');
    if (refusal.status === 405) response.setHeader('Allow', 'POST');
    answer(response, refusal.status, encoding, statusBody(encoding, refusal.code, refusal.message));
  }

  #rejected(spans: number, reason: string): void {
    this.#options.onRejected(spans);
    this.#log('spans refused', reason);
  }

  /** At most one line in ten seconds: a client that sends nonsense sends much of it. */
  #log(message: string, reason: unknown): void {
    if (performance.now() - this.#loggedMs < LOG_EVERY_MS && this.#loggedMs > 0) return;
    this.#loggedMs = performance.now();
    this.#options.logger.warn(message, {
      'event.action': 'otlp-intake',
      'event.reason': String(reason).slice(0, 500),
    });
  }
}

/** Another path, or another method. */
const NO_SPANS = [404, 405];

function check(request: IncomingMessage, maxBytes: number): void {
  const path = (request.url ?? '').split('?')[0];
  if (path !== '/v1/traces')
    throw new Refusal(
      404,
      5,
      `expected POST /v1/traces, received ${request.method} ${path?.slice(0, 100)}; metrics and logs are not taken here`,
    );
  if (request.method !== 'POST') throw new Refusal(405, 12, `expected POST, received ${request.method}`);
  const type = mediaType(request);
  if (type !== 'application/x-protobuf' && type !== 'application/json') {
    throw new Refusal(
      415,
      INVALID_ARGUMENT,
      `expected content-type application/x-protobuf or application/json, received ${type.slice(0, 100) || 'none'}`,
    );
  }
  const coding = request.headers['content-encoding'] ?? 'identity';
  if (coding !== 'gzip' && coding !== 'identity')
    throw new Refusal(
      415,
      INVALID_ARGUMENT,
      `expected content-encoding gzip or none, received ${coding.slice(0, 40)}`,
    );
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) throw tooLarge(maxBytes);
}

async function readBody(
  request: IncomingMessage,
  maxBytes: number,
  reserve: (bytes: number) => void,
): Promise<Buffer> {
  const parts: Buffer[] = [];
  let bytes = 0;
  // Leaving the loop must not close the connection: the refusal still has to be read on the other side.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    bytes += part.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes);
    reserve(part.length);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** Unzipped, in memory of its own so that it can be handed over to the thread. */
async function plain(
  sent: Buffer,
  request: IncomingMessage,
  maxBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (request.headers['content-encoding'] !== 'gzip') return new Uint8Array(sent);
  try {
    return new Uint8Array(await unzip(sent, { maxOutputLength: maxBytes }));
  } catch (error) {
    if (error instanceof RangeError) throw tooLarge(maxBytes);
    throw new Refusal(
      400,
      INVALID_ARGUMENT,
      `body: expected gzip, but it cannot be unzipped: ${error instanceof Error ? error.message : error}`,
    );
  }
}

function tooLarge(maxBytes: number): Refusal {
  return new Refusal(
    413,
    RESOURCE_EXHAUSTED,
    `expected a body of at most ${maxBytes} bytes; send smaller batches`,
  );
}

function mediaType(request: IncomingMessage): string {
  return (request.headers['content-type'] ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';
}

function encodingOf(request: IncomingMessage): Encoding {
  return mediaType(request) === 'application/x-protobuf' ? 'application/x-protobuf' : 'application/json';
}

function answer(response: ServerResponse, status: number, encoding: Encoding, body: Uint8Array): void {
  response.writeHead(status, { 'Content-Type': encoding, 'Content-Length': body.byteLength }).end(body);
  // A client that is still sending reads the answer only when it is done; the request's time limit bounds that.
  response.req.resume();
}
