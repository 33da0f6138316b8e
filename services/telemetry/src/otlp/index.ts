/** OTLP traces off the wire, for the console's intake and for tests. Owns decoding and validation, not transport. */
import type { OtlpSpan } from './types.ts';

export type { OtlpAttributes, OtlpSpan, OtlpValue } from './types.ts';

/** The body is not an ExportTraceServiceRequest; `message` says where. Answer 400. */
export class OtlpDecodeError extends Error {
  override name = 'OtlpDecodeError';
}

/**
 * Decodes an ExportTraceServiceRequest (already unzipped). Parameters of the content type (`; charset=…`) are ignored.
 * @throws OtlpDecodeError on malformed input or another content type.
 */
export function decodeTraceRequest(_body: Uint8Array, _contentType: string): OtlpSpan[] {
  throw new Error('not built yet');
}
