import { exactWhole } from '@lab/kit';
import type { Reader } from './reader.ts';
import type { OtlpAttributes, OtlpSpan, OtlpValue } from './types.ts';

const KINDS = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
const STATUS_CODES = ['unset', 'ok', 'error'] as const;
const MAX_DEPTH = 16;

/** The spans of an ExportTraceServiceRequest. @throws OtlpDecodeError naming the field that is not as it should be. */
export function readSpans(request: Reader): OtlpSpan[] {
  const spans: OtlpSpan[] = [];
  for (const resourceSpans of request.field('resourceSpans').items()) {
    const resource = attributes(optionalField(resourceSpans.field('resource'), 'attributes'));
    const name = resource['service.name'];
    const serviceName = typeof name === 'string' && name !== '' ? name : 'unknown_service';
    for (const scopeSpans of resourceSpans.field('scopeSpans').items()) {
      const scope = {
        name: optionalField(scopeSpans.field('scope'), 'name')?.text() ?? '',
        version: optionalField(scopeSpans.field('scope'), 'version')?.text() ?? '',
      };
      for (const span of scopeSpans.field('spans').items()) {
        spans.push({ ...readSpan(span), serviceName, resource, scope });
      }
    }
  }
  return spans;
}

function readSpan(span: Reader): Omit<OtlpSpan, 'serviceName' | 'resource' | 'scope'> {
  const startTimeUnixNano = span.field('startTimeUnixNano').integer();
  const status = span.field('status');
  return {
    traceId: required(span.field('traceId'), 16),
    spanId: required(span.field('spanId'), 8),
    parentSpanId: span.field('parentSpanId').id(8) || undefined,
    traceState: span.field('traceState').text() || undefined,
    name: span.field('name').text(),
    kind: KINDS[span.field('kind').enumeration(KINDS, 'SPAN_KIND_')] ?? 'unspecified',
    startTimeUnixNano,
    endTimeUnixNano: span.field('endTimeUnixNano').integer(),
    attributes: attributes(span.field('attributes')),
    events: span
      .field('events')
      .items()
      .map((event) => ({
        timeUnixNano: event.field('timeUnixNano').integer(),
        name: event.field('name').text(),
        attributes: attributes(event.field('attributes')),
      })),
    links: span
      .field('links')
      .items()
      .map((link) => ({
        traceId: required(link.field('traceId'), 16),
        spanId: required(link.field('spanId'), 8),
        attributes: attributes(link.field('attributes')),
      })),
    status: {
      code:
        STATUS_CODES[optionalField(status, 'code')?.enumeration(STATUS_CODES, 'STATUS_CODE_') ?? 0] ??
        'unset',
      message: optionalField(status, 'message')?.text() ?? '',
    },
  };
}

function optionalField(reader: Reader, name: string): Reader | undefined {
  return reader.absent ? undefined : reader.field(name);
}

function required(reader: Reader, bytes: number): string {
  const id = reader.id(bytes);
  return id === '' || /^0+$/.test(id) ? reader.fail(`${bytes} bytes in hex, not all zero`) : id;
}

/** `fromEntries` makes own properties of every key, `__proto__` included. */
function attributes(list: Reader | undefined, depth = 0): OtlpAttributes {
  if (list === undefined) return {};
  return Object.fromEntries(
    list.items().map((pair) => [pair.field('key').text(), anyValue(pair.field('value'), depth)]),
  );
}

function anyValue(reader: Reader, depth: number): OtlpValue {
  if (reader.absent) return null;
  if (depth > MAX_DEPTH) reader.fail(`values nested at most ${MAX_DEPTH} deep`);
  const field = (name: string) => {
    const value = reader.field(name);
    return value.absent ? undefined : value;
  };
  const text = field('stringValue');
  if (text) return text.text();
  const flag = field('boolValue');
  if (flag) return typeof flag.value === 'boolean' ? flag.value : flag.fail('true or false');
  const whole = field('intValue');
  if (whole) return exactWhole(whole.integer());
  const double = field('doubleValue');
  if (double) return numeric(double);
  const array = field('arrayValue');
  if (array)
    return array
      .field('values')
      .items()
      .map((item) => anyValue(item, depth + 1));
  const map = field('kvlistValue');
  if (map) return attributes(map.field('values'), depth + 1);
  const bytes = field('bytesValue');
  if (bytes)
    return bytes.value instanceof Uint8Array ? Buffer.from(bytes.value).toString('base64') : bytes.text();
  return null;
}

/** JSON has no NaN and Infinity; proto3's JSON form writes them as strings. */
function numeric(reader: Reader): number | string {
  const { value } = reader;
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value === 'NaN' || value === 'Infinity' || value === '-Infinity') return value;
  if (typeof value === 'string' && value !== '' && Number.isFinite(Number(value))) return Number(value);
  return reader.fail('a number');
}
