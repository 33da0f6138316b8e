import protobuf from 'protobufjs/light.js';

/**
 * The part of opentelemetry-proto that traces need, field numbers as in
 * https://github.com/open-telemetry/opentelemetry-proto/tree/v1.9.0/opentelemetry/proto/{common,resource,trace,collector/trace}/v1
 */
const string = (id: number) => ({ type: 'string', id });
const many = (type: string, id: number) => ({ rule: 'repeated', type, id });

const root = protobuf.Root.fromJSON({
  nested: {
    AnyValue: {
      oneofs: {
        value: {
          oneof: [
            'stringValue',
            'boolValue',
            'intValue',
            'doubleValue',
            'arrayValue',
            'kvlistValue',
            'bytesValue',
          ],
        },
      },
      fields: {
        stringValue: string(1),
        boolValue: { type: 'bool', id: 2 },
        intValue: { type: 'int64', id: 3 },
        doubleValue: { type: 'double', id: 4 },
        arrayValue: { type: 'ArrayValue', id: 5 },
        kvlistValue: { type: 'KeyValueList', id: 6 },
        bytesValue: { type: 'bytes', id: 7 },
      },
    },
    ArrayValue: { fields: { values: many('AnyValue', 1) } },
    KeyValueList: { fields: { values: many('KeyValue', 1) } },
    KeyValue: { fields: { key: string(1), value: { type: 'AnyValue', id: 2 } } },
    Resource: { fields: { attributes: many('KeyValue', 1) } },
    InstrumentationScope: { fields: { name: string(1), version: string(2) } },
    Event: {
      fields: { timeUnixNano: { type: 'fixed64', id: 1 }, name: string(2), attributes: many('KeyValue', 3) },
    },
    Link: {
      fields: {
        traceId: { type: 'bytes', id: 1 },
        spanId: { type: 'bytes', id: 2 },
        traceState: string(3),
        attributes: many('KeyValue', 4),
      },
    },
    Status: { fields: { message: string(2), code: { type: 'int32', id: 3 } } },
    Span: {
      fields: {
        traceId: { type: 'bytes', id: 1 },
        spanId: { type: 'bytes', id: 2 },
        traceState: string(3),
        parentSpanId: { type: 'bytes', id: 4 },
        name: string(5),
        kind: { type: 'int32', id: 6 },
        startTimeUnixNano: { type: 'fixed64', id: 7 },
        endTimeUnixNano: { type: 'fixed64', id: 8 },
        attributes: many('KeyValue', 9),
        events: many('Event', 11),
        links: many('Link', 13),
        status: { type: 'Status', id: 15 },
      },
    },
    ScopeSpans: { fields: { scope: { type: 'InstrumentationScope', id: 1 }, spans: many('Span', 2) } },
    ResourceSpans: { fields: { resource: { type: 'Resource', id: 1 }, scopeSpans: many('ScopeSpans', 2) } },
    ExportTraceServiceRequest: { fields: { resourceSpans: many('ResourceSpans', 1) } },
  },
});

export const ExportTraceServiceRequest = root.lookupType('ExportTraceServiceRequest');
