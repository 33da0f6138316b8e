import { expect, test } from 'vitest';
import { type BrowserSpan, encodeSpans } from '../../src/app/telemetry/otlp-json.ts';
import {
  formatTraceparent,
  parseTraceparent,
  readPageTracing,
} from '../../src/app/telemetry/trace-context.ts';
import { createTracer } from '../../src/app/telemetry/tracer.ts';
import { readSpans } from '../../src/server/intake/span-schema.ts';

const PARENT = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', sampled: true };

function tracerWith(options: Partial<Parameters<typeof createTracer>[0]> = {}) {
  const spans: BrowserSpan[] = [];
  return { spans, tracer: createTracer({ sampleRatio: 1, record: (span) => spans.push(span), ...options }) };
}

test("the page's first requests belong to its trace, those after an action begin their own", () => {
  const { spans, tracer } = tracerWith({ parent: PARENT });
  tracer.startRequest('GET /api/v1/users/me', {}).end();
  tracer.recordPage({ name: 'page load /', start: 1, end: 2, attributes: {} });
  tracer.leavePage();
  tracer.startRequest('POST /api/v1/tasks', {}).end();
  const [first, page, later] = spans;
  expect(page).toMatchObject({ traceId: PARENT.traceId, parentSpanId: PARENT.spanId });
  expect(first).toMatchObject({ traceId: PARENT.traceId, parentSpanId: page?.spanId });
  expect(later?.traceId).not.toBe(PARENT.traceId);
  expect(later?.parentSpanId).toBeUndefined();
});

test('the header names the span that is recorded', () => {
  const { spans, tracer } = tracerWith();
  const span = tracer.startRequest('GET /api/v1/tasks', {});
  span.end('503');
  span.end();
  expect(spans).toHaveLength(1);
  const [recorded] = spans;
  if (!recorded) throw new Error('expected a span');
  expect(span.traceparent).toBe(`00-${recorded.traceId}-${recorded.spanId}-01`);
  expect(recorded.error).toBe('503');
});

test('what is not sampled is neither recorded nor marked for recording further on', () => {
  const { spans, tracer } = tracerWith({ sampleRatio: 0 });
  const span = tracer.startRequest('GET /api/v1/tasks', {});
  span.end();
  tracer.recordPage({ name: 'page load /', start: 1, end: 2, attributes: {} });
  expect(spans).toEqual([]);
  expect(span.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/);
});

test("the server's decision about the page holds for the page's trace, whatever the ratio", () => {
  const { spans, tracer } = tracerWith({ parent: PARENT, sampleRatio: 0 });
  tracer.startRequest('GET /api/v1/users/me', {}).end();
  tracer.leavePage();
  tracer.startRequest('GET /api/v1/tasks', {}).end();
  expect(spans.map(({ traceId }) => traceId)).toEqual([PARENT.traceId]);
});

test('what the app sends is what the intake takes, to the microsecond', () => {
  const { spans, tracer } = tracerWith({ parent: PARENT });
  const now = 1_795_000_000_123.5;
  const span = tracer.startRequest('GET /api/v1/tasks', {
    'http.request.method': 'GET',
    ratio: 0.5,
    cached: false,
  });
  span.setAttribute('http.response.status_code', 503);
  span.end('503');
  const [recorded] = spans;
  if (!recorded) throw new Error('expected a span');
  recorded.start = now;
  recorded.end = now + 12.5;
  recorded.events = [{ name: 'responseStart', time: now + 1 }];
  const taken = readSpans(JSON.parse(JSON.stringify(encodeSpans([recorded]))), now);
  expect(taken).toMatchObject([
    {
      name: 'GET /api/v1/tasks',
      kind: 3,
      startTimeUnixNano: '1795000000123500000',
      endTimeUnixNano: '1795000000136000000',
      status: { code: 2, message: '503' },
      events: [{ name: 'responseStart' }],
    },
  ]);
  expect(taken?.[0]?.attributes).toContainEqual({
    key: 'http.response.status_code',
    value: { intValue: '503' },
  });
});

test.each([
  '',
  '00-00000000000000000000000000000000-b7ad6b7169203331-01',
  '00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01',
  '00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01',
  'ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
])('%o is no trace context', (text) => {
  expect(parseTraceparent(text)).toBeUndefined();
});

test('a page says how to trace; one that says nothing, or nonsense, records nothing', () => {
  const page = { traceparent: formatTraceparent(PARENT), 'trace-sample-ratio': '0.25' };
  expect(readPageTracing((name) => page[name as keyof typeof page])).toEqual({
    parent: PARENT,
    sampleRatio: 0.25,
  });
  expect(readPageTracing(() => undefined)).toEqual({ sampleRatio: 0 });
  expect(readPageTracing(() => 'NaN')).toEqual({ sampleRatio: 0 });
});
