/** OTLP traces off the wire, for the console's intake and for tests. Owns decoding and validation, not transport. */
import { parseExactJson } from '@lab/kit';
import { ExportTraceServiceRequest } from './descriptor.ts';
import { OtlpDecodeError } from './errors.ts';
import { Reader } from './reader.ts';
import { readSpans } from './spans.ts';
import type { OtlpSpan } from './types.ts';

export { OtlpDecodeError } from './errors.ts';
export type { OtlpAttributes, OtlpSpan, OtlpValue } from './types.ts';

/**
 * Decodes an ExportTraceServiceRequest (already unzipped) in protobuf or OTLP/JSON. Parameters of the content type
 * (`; charset=…`) are ignored, unknown fields too.
 * @throws OtlpDecodeError on malformed input or another content type.
 */
export function decodeTraceRequest(body: Uint8Array, contentType: string): OtlpSpan[] {
  return readSpans(new Reader(decode(body, contentType)));
}

function decode(body: Uint8Array, contentType: string): unknown {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase();
  try {
    if (type === 'application/x-protobuf') {
      const message = ExportTraceServiceRequest.decode(body);
      return ExportTraceServiceRequest.toObject(message, { longs: String });
    }
    if (type === 'application/json')
      return parseExactJson(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new OtlpDecodeError(`body: expected ${type}, but it cannot be read: ${reason.slice(0, 200)}`, {
      cause,
    });
  }
  throw new OtlpDecodeError(
    `content-type: expected application/x-protobuf or application/json, received ${JSON.stringify(contentType.slice(0, 80))}`,
  );
}
