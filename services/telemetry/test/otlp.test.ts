import { gzipSync } from 'node:zlib';
import { startOtlpSink } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { ExportTraceServiceRequest } from '../src/otlp/descriptor.ts';
import { decodeTraceRequest, OtlpDecodeError } from '../src/otlp/index.ts';

const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const SPAN = '00f067aa0ba902b7';

const json = {
  resourceSpans: [
    {
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeSpans: [
        {
          scope: { name: 'lib', version: '1' },
          spans: [
            {
              traceId: TRACE,
              spanId: SPAN,
              parentSpanId: '1111111111111111',
              traceState: 'a=1',
              name: 'GET /x',
              kind: 2,
              startTimeUnixNano: '1795359801623456789',
              endTimeUnixNano: '1795359801623456999',
              attributes: [
                { key: 'text', value: { stringValue: 'ä' } },
                { key: 'yes', value: { boolValue: true } },
                { key: 'no', value: { boolValue: false } },
                { key: 'whole', value: { intValue: '-42' } },
                { key: 'beyond 2^53', value: { intValue: '9007199254740993' } },
                { key: 'least', value: { intValue: '-9223372036854775808' } },
                { key: 'half', value: { doubleValue: 0.5 } },
                { key: 'list', value: { arrayValue: { values: [{ intValue: 1 }, { stringValue: 'b' }] } } },
                { key: 'map', value: { kvlistValue: { values: [{ key: 'k', value: { intValue: 3 } }] } } },
                { key: 'empty', value: {} },
                { key: '__proto__', value: { stringValue: 'polluted' } },
              ],
              events: [
                { timeUnixNano: '5', name: 'exception', attributes: [{ key: 'e', value: { intValue: 1 } }] },
              ],
              links: [{ traceId: TRACE, spanId: SPAN, attributes: [] }],
              status: { code: 2, message: 'bad' },
              unknownField: { from: 'the future' },
            },
          ],
        },
      ],
    },
  ],
};

/** The same request in protobuf. */
function protobuf(): Uint8Array {
  const bytes = (hex: string) => Buffer.from(hex, 'hex');
  const copy = structuredClone(json) as unknown as {
    resourceSpans: { scopeSpans: { spans: Record<string, unknown>[] }[] }[];
  };
  const span = copy.resourceSpans[0]?.scopeSpans[0]?.spans[0];
  if (span === undefined) throw new Error('expected a span');
  Object.assign(span, {
    traceId: bytes(TRACE),
    spanId: bytes(SPAN),
    parentSpanId: bytes('1111111111111111'),
    links: [{ traceId: bytes(TRACE), spanId: bytes(SPAN) }],
  });
  return ExportTraceServiceRequest.encode(ExportTraceServiceRequest.fromObject(copy)).finish();
}

const decodeJson = (value: unknown) =>
  decodeTraceRequest(Buffer.from(JSON.stringify(value)), 'application/json');
const withSpan = (change: object) => {
  const copy = structuredClone(json);
  Object.assign(copy.resourceSpans[0]?.scopeSpans[0]?.spans[0] ?? {}, change);
  return copy;
};

describe('decoding', () => {
  it.each([
    ['protobuf', protobuf(), 'application/x-protobuf'],
    ['JSON', Buffer.from(JSON.stringify(json)), 'application/json; charset=utf-8'],
  ])('reads %s', (_form, body, contentType) => {
    const [span, ...others] = decodeTraceRequest(body, contentType);
    expect(others).toEqual([]);
    expect(span).toMatchObject({
      traceId: TRACE,
      spanId: SPAN,
      parentSpanId: '1111111111111111',
      traceState: 'a=1',
      name: 'GET /x',
      kind: 'server',
      startTimeUnixNano: 1795359801623456789n,
      endTimeUnixNano: 1795359801623456999n,
      events: [{ timeUnixNano: 5n, name: 'exception', attributes: { e: 1 } }],
      links: [{ traceId: TRACE, spanId: SPAN, attributes: {} }],
      status: { code: 'error', message: 'bad' },
      serviceName: 'shop',
      scope: { name: 'lib', version: '1' },
    });
    expect({ ...span?.attributes }).toMatchObject({
      text: 'ä',
      yes: true,
      no: false,
      whole: -42,
      'beyond 2^53': '9007199254740993',
      least: '-9223372036854775808',
      half: 0.5,
      list: [1, 'b'],
      map: { k: 3 },
      empty: null,
    });
    expect(Object.getPrototypeOf(span?.attributes)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('reads an empty request and missing parts', () => {
    expect(decodeTraceRequest(new Uint8Array(), 'application/x-protobuf')).toEqual([]);
    expect(decodeJson({})).toEqual([]);
    expect(
      decodeJson({ resourceSpans: [{ scopeSpans: [{ spans: [{ traceId: TRACE, spanId: SPAN }] }] }] }),
    ).toMatchObject([
      {
        serviceName: 'unknown_service',
        name: '',
        kind: 'unspecified',
        parentSpanId: undefined,
        status: { code: 'unset' },
      },
    ]);
  });

  it('reads enumerations by name, and numbers of the future as unset', () => {
    expect(
      decodeJson(withSpan({ kind: 'SPAN_KIND_CLIENT', status: { code: 'STATUS_CODE_OK' } })),
    ).toMatchObject([{ kind: 'client', status: { code: 'ok' } }]);
    expect(decodeJson(withSpan({ kind: 77, status: { code: 9 } }))).toMatchObject([
      { kind: 'unspecified', status: { code: 'unset' } },
    ]);
  });

  const at = 'resourceSpans[0].scopeSpans[0].spans[0]';
  it.each<[string, unknown, string]>([
    ['not an object', [], 'body: expected an object'],
    ['spans that are no list', { resourceSpans: {} }, 'resourceSpans: expected an array'],
    ['a missing trace id', withSpan({ traceId: undefined }), `${at}.traceId: expected 16 bytes in hex`],
    [
      'a trace id of zeros',
      withSpan({ traceId: '0'.repeat(32) }),
      `${at}.traceId: expected 16 bytes in hex, not all zero`,
    ],
    ['a short span id', withSpan({ spanId: 'abc' }), `${at}.spanId: expected 8 bytes in hex`],
    [
      'a span id that is no hex',
      withSpan({ spanId: 'zzzzzzzzzzzzzzzz' }),
      `${at}.spanId: expected 8 bytes in hex`,
    ],
    ['a name that is no text', withSpan({ name: 7 }), `${at}.name: expected a string, received 7`],
    [
      'a time that is no number',
      withSpan({ startTimeUnixNano: 'soon' }),
      `${at}.startTimeUnixNano: expected a whole number`,
    ],
    [
      'a time with a fraction',
      withSpan({ startTimeUnixNano: 1.5 }),
      `${at}.startTimeUnixNano: expected a whole number`,
    ],
    [
      'a flag that is no flag',
      withSpan({ attributes: [{ key: 'a', value: { boolValue: 1 } }] }),
      `${at}.attributes[0].value.boolValue: expected true or false`,
    ],
  ])('refuses %s, saying where', (_case, value, message) => {
    expect(() => decodeJson(value)).toThrow(OtlpDecodeError);
    expect(() => decodeJson(value)).toThrow(message);
  });

  it('refuses attributes nested without end', () => {
    for (const depth of [20, 1_000, 100_000]) {
      const value = `${'{"arrayValue":{"values":['.repeat(depth)}${']}}'.repeat(depth)}`;
      const text = JSON.stringify(withSpan({ attributes: [{ key: 'a', value: 'VALUE' }] })).replace(
        '"VALUE"',
        value,
      );
      expect(() => decodeTraceRequest(Buffer.from(text), 'application/json')).toThrow(OtlpDecodeError);
    }
    const field = (id: number, body: Uint8Array): Uint8Array => {
      const length = [];
      let rest = body.length;
      for (; rest > 127; rest = Math.floor(rest / 128)) length.push((rest % 128) | 128);
      return Buffer.concat([Uint8Array.from([(id << 3) | 2, ...length, rest]), body]);
    };
    let any: Uint8Array = new Uint8Array();
    for (let depth = 0; depth < 5_000; depth += 1) any = field(5, field(1, any));
    const attribute = field(9, Buffer.concat([field(1, Buffer.from('a')), field(2, any)]));
    const request = field(1, field(2, field(2, attribute)));
    expect(() => decodeTraceRequest(request, 'application/x-protobuf')).toThrow(OtlpDecodeError);
  });

  it('refuses bytes that are no protobuf, no JSON, no UTF-8, and other content types', () => {
    const garbage = Buffer.from('ff'.repeat(100), 'hex');
    expect(() => decodeTraceRequest(garbage, 'application/x-protobuf')).toThrow(OtlpDecodeError);
    expect(() => decodeTraceRequest(garbage, 'application/json')).toThrow(OtlpDecodeError);
    expect(() => decodeTraceRequest(Buffer.from('{"resourceSpans":'), 'application/json')).toThrow(
      OtlpDecodeError,
    );
    expect(() => decodeTraceRequest(new Uint8Array(), 'text/plain')).toThrow('content-type: expected');
  });

  it('never throws anything else, whatever byte of a request is damaged', () => {
    const whole = protobuf();
    for (let index = 0; index < whole.length; index += 1) {
      for (const change of [0x00, 0x7f, 0x80, 0xff]) {
        const damaged = Uint8Array.from(whole);
        damaged[index] = change;
        for (const body of [damaged, damaged.subarray(0, index)]) {
          try {
            decodeTraceRequest(body, 'application/x-protobuf');
          } catch (error) {
            expect(error).toBeInstanceOf(OtlpDecodeError);
          }
        }
      }
    }
  });
});

describe('the sink for tests', () => {
  it('takes protobuf and JSON, gzip or not, and notes what it cannot read', async () => {
    await using sink = await startOtlpSink();
    const post = (body: Uint8Array, headers: Record<string, string>, path = '/v1/traces') =>
      fetch(sink.url + path, { method: 'POST', headers, body: new Uint8Array(body) }).then(
        ({ status }) => status,
      );
    const type = { 'content-type': 'application/x-protobuf' };
    expect(await post(protobuf(), type)).toBe(200);
    expect(await post(gzipSync(protobuf()), { ...type, 'content-encoding': 'gzip' })).toBe(200);
    expect(await post(Buffer.from(JSON.stringify(json)), { 'content-type': 'application/json' })).toBe(200);
    expect(sink.spans).toHaveLength(3);
    expect(sink.problems).toEqual([]);
    expect(await post(Buffer.from('nonsense'), type)).toBe(400);
    expect(await post(protobuf(), type, '/v1/traces/v1/traces')).toBe(404);
    expect(sink.problems).toHaveLength(2);
  });
});
