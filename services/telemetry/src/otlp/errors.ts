/** The body is not an ExportTraceServiceRequest; `message` says where. Answer 400. */
export class OtlpDecodeError extends Error {
  override name = 'OtlpDecodeError';
}
