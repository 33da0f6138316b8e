/** Answers of OTLP/HTTP in the encoding of their request: google.rpc.Status, ExportTraceServiceResponse. */
import protobuf from 'protobufjs/minimal.js';

export type Encoding = 'application/x-protobuf' | 'application/json';

/** An error. `code` is gRPC's. */
export function statusBody(encoding: Encoding, code: number, message: string): Uint8Array {
  if (encoding === 'application/json') return Buffer.from(JSON.stringify({ code, message }));
  return protobuf.Writer.create().uint32(8).int32(code).uint32(18).string(message).finish();
}

/** Success; with `rejected` spans a partial one. */
export function exportBody(encoding: Encoding, rejected: number, reason: string): Uint8Array {
  if (encoding === 'application/json') {
    return Buffer.from(
      JSON.stringify(
        rejected === 0 ? {} : { partialSuccess: { rejectedSpans: String(rejected), errorMessage: reason } },
      ),
    );
  }
  if (rejected === 0) return new Uint8Array();
  return protobuf.Writer.create()
    .uint32(10)
    .fork()
    .uint32(8)
    .int64(rejected)
    .uint32(18)
    .string(reason)
    .ldelim()
    .finish();
}
