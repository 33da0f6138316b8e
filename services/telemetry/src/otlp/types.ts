/** Value of an attribute. A whole number that a double cannot hold comes as its decimal text, bytes come as base64. */
export type OtlpValue = string | number | boolean | null | OtlpValue[] | { [key: string]: OtlpValue };
export type OtlpAttributes = Record<string, OtlpValue>;

/** A span as it arrived, with its resource folded in. Ids in lower-case hex; times in nanoseconds since the epoch. */
export interface OtlpSpan {
  traceId: string;
  spanId: string;
  /** Undefined for a root span. */
  parentSpanId: string | undefined;
  traceState: string | undefined;
  name: string;
  kind: 'unspecified' | 'internal' | 'server' | 'client' | 'producer' | 'consumer';
  startTimeUnixNano: bigint;
  endTimeUnixNano: bigint;
  attributes: OtlpAttributes;
  events: { timeUnixNano: bigint; name: string; attributes: OtlpAttributes }[];
  links: { traceId: string; spanId: string; attributes: OtlpAttributes }[];
  status: { code: 'unset' | 'ok' | 'error'; message: string };
  /** Attribute `service.name` of the resource; `unknown_service` without one. */
  serviceName: string;
  resource: OtlpAttributes;
  scope: { name: string; version: string };
}
