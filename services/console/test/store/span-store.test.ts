import { join } from 'node:path';
import { temporaryFolder } from '@lab/testing';
import { expect, test } from 'vitest';
import { CursorError } from '../../src/store/logs/newest.ts';
import { spanLayout } from '../../src/store/spans/schema.ts';
import { SpanReader, type TraceSearch } from '../../src/store/spans/span-reader.ts';
import { SpanWriter } from '../../src/store/spans/span-writer.ts';
import { type IncomingSpan, incomingSpan } from '../../src/store/spans/stored-span.ts';
import { openForReading, openForWriting } from '../../src/store/sqlite/open-database.ts';
import type { SegmentLimits } from '../../src/store/sqlite/segments.ts';
import { NOON, ROOMY } from '../support/log-database.ts';

async function spanDatabase(limits: Partial<SegmentLimits> = {}) {
  const folder = await temporaryFolder();
  const path = join(folder.path, 'spans.db');
  const { database } = openForWriting(path, spanLayout, { cacheKiB: 4000 });
  const writer = new SpanWriter(database, { ...ROOMY, ...limits });
  const readingFrom = openForReading(path, { cacheKiB: 4000 });
  return {
    writer,
    reader: new SpanReader(readingFrom),
    [Symbol.asyncDispose]: async () => {
      readingFrom.close();
      database.close();
      await folder[Symbol.asyncDispose]();
    },
  };
}

let made = 0;
const hex = (number: number, digits: number) => (number + 1).toString(16).padStart(digits, '0');

interface Plan {
  trace?: number;
  id?: number;
  parent?: number;
  service?: string;
  name?: string;
  kind?: IncomingSpan['kind'];
  startMs?: number;
  durationMs?: number;
  error?: boolean;
  attributes?: Record<string, string | number | boolean | string[]>;
  links?: { trace: number; id: number }[];
}

const SERVER = 2;
const CLIENT = 3;
const PRODUCER = 4;
const CONSUMER = 5;

function span(plan: Plan = {}): IncomingSpan {
  const id = plan.id ?? 1_000_000 + made++;
  const service = plan.service ?? 'api';
  const kinds = ['unspecified', 'internal', 'server', 'client', 'producer', 'consumer'] as const;
  const startNs = BigInt(Math.round((plan.startMs ?? 0) * 1e6)) + BigInt(NOON) * 1_000_000n;
  const incoming = incomingSpan(
    {
      traceId: hex(plan.trace ?? 0, 32),
      spanId: hex(id, 16),
      parentSpanId: plan.parent === undefined ? undefined : hex(plan.parent, 16),
      traceState: undefined,
      name: plan.name ?? 'GET /',
      kind: kinds[plan.kind ?? SERVER] ?? 'unspecified',
      startTimeUnixNano: startNs,
      endTimeUnixNano: startNs + BigInt(Math.round((plan.durationMs ?? 10) * 1e6)),
      attributes: plan.attributes ?? {},
      events: [
        { timeUnixNano: startNs + 1_500_000n, name: 'exception', attributes: { 'exception.type': 'Error' } },
      ],
      links: (plan.links ?? []).map((link) => ({
        traceId: hex(link.trace, 32),
        spanId: hex(link.id, 16),
        attributes: {},
      })),
      status: { code: plan.error ? 'error' : 'unset', message: plan.error ? 'it broke' : '' },
      serviceName: service,
      resource: { 'service.name': service, 'service.instance.id': `${service}-1` },
      scope: { name: 'test', version: '1' },
    },
    NOON + 86_400_000,
  );
  if (typeof incoming === 'string') throw new Error(incoming);
  return incoming;
}

const everything: TraceSearch = {
  service: undefined,
  operation: undefined,
  error: undefined,
  minDurationNs: 0,
  maxDurationNs: Number.MAX_SAFE_INTEGER,
  tags: [],
  fromMs: NOON - 3_600_000,
  toMs: NOON + 3_600_000,
  limit: 100,
  cursor: undefined,
  budgetMs: 60_000,
};

test('a trace is shown whole, oldest span first, with everything its spans said', async () => {
  await using store = await spanDatabase({ segmentRows: 1 });
  store.writer.write(
    [
      span({
        id: 2,
        parent: 1,
        service: 'api',
        startMs: 5,
        durationMs: 20,
        error: true,
        attributes: { 'db.rows': 3 },
      }),
    ],
    NOON,
  );
  store.writer.write(
    [span({ id: 1, service: 'web', name: 'GET /api/*', durationMs: 30.25, links: [{ trace: 7, id: 70 }] })],
    NOON,
  );
  const trace = store.reader.trace(hex(0, 32));
  expect(trace).toMatchObject({
    services: ['web', 'api'],
    errors: 1,
    durationMs: 30.25,
    omitted: 0,
    start: new Date(NOON).toISOString(),
  });
  expect(trace?.spans).toMatchObject([
    {
      spanId: hex(1, 16),
      parentSpanId: null,
      service: 'web',
      name: 'GET /api/*',
      kind: 'server',
      offsetMs: 0,
      durationMs: 30.25,
      links: [{ traceId: hex(7, 32) }],
    },
    {
      spanId: hex(2, 16),
      parentSpanId: hex(1, 16),
      instance: 'api-1',
      offsetMs: 5,
      error: true,
      statusMessage: 'it broke',
      attributes: { 'db.rows': 3 },
      resource: { 'service.name': 'api' },
      scope: 'test 1',
      events: [{ name: 'exception', offsetMs: 6.5 }],
    },
  ]);
  expect(store.reader.trace(hex(99, 32))).toBeUndefined();
  expect(store.reader.trace(hex(7, 32))).toBeUndefined();
});

test('spans sent twice are stored once', async () => {
  await using store = await spanDatabase({ segmentRows: 2 });
  const twice = [span({ id: 1 }), span({ id: 2 })];
  expect(store.writer.write(twice, NOON)).toMatchObject({ written: 2, repeated: 0 });
  store.writer.write(twice, NOON);
  expect(store.reader.trace(hex(0, 32))?.spans).toHaveLength(2);
  expect(store.writer.write([span({ id: 5 }), span({ id: 5 })], NOON)).toMatchObject({
    written: 1,
    repeated: 1,
  });
});

test('a trace is found by any one span that meets every condition', async () => {
  await using store = await spanDatabase({ segmentRows: 4 });
  for (let trace = 0; trace < 12; trace++) {
    const shared = { trace, startMs: trace * 1000 };
    store.writer.write(
      [
        span({
          ...shared,
          id: trace * 10,
          service: 'web',
          name: 'GET /api/*',
          durationMs: 100 + trace,
          attributes: { 'http.request.id': `request-${trace}`, colors: ['red', 'blue'] },
        }),
        span({
          ...shared,
          id: trace * 10 + 1,
          parent: trace * 10,
          service: 'api',
          name: trace % 2 ? 'POST /tasks' : 'GET /tasks',
          durationMs: trace,
          error: trace % 3 === 0,
          attributes: { status: 500, ok: true },
        }),
      ],
      NOON,
    );
  }
  const found = (over: Partial<TraceSearch>) =>
    store.reader
      .search({ ...everything, ...over })
      .items.map(({ traceId }) => Number.parseInt(traceId, 16) - 1);
  const all = [11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0];
  expect(found({})).toEqual(all);
  expect(found({ service: 'api' })).toEqual(all);
  expect(found({ service: 'nobody' })).toEqual([]);
  expect(found({ operation: 'POST /tasks' })).toEqual([11, 9, 7, 5, 3, 1]);
  expect(found({ operation: 'no such' })).toEqual([]);
  expect(found({ service: 'web', operation: 'POST /tasks' })).toEqual([]);
  expect(found({ error: true })).toEqual([9, 6, 3, 0]);
  expect(found({ service: 'api', error: false })).toEqual([11, 10, 8, 7, 5, 4, 2, 1]);
  expect(found({ minDurationNs: 105e6 })).toEqual([11, 10, 9, 8, 7, 6, 5]);
  expect(found({ service: 'api', minDurationNs: 3e6, maxDurationNs: 5e6 })).toEqual([5, 4, 3]);
  expect(found({ tags: [{ key: 'http.request.id', value: 'request-7' }] })).toEqual([7]);
  expect(
    found({
      tags: [
        { key: 'status', value: '500' },
        { key: 'ok', value: 'true' },
      ],
    }),
  ).toEqual(all);
  expect(found({ tags: [{ key: 'status', value: '404' }] })).toEqual([]);
  expect(found({ tags: [{ key: 'colors', value: 'blue' }] })).toEqual(all);
  expect(found({ tags: [{ key: 'service.instance.id', value: 'web-1' }], error: true })).toEqual([]);
  expect(found({ tags: [{ key: 'error', value: 'true' }] })).toEqual([9, 6, 3, 0]);
  expect(found({ tags: [{ key: 'span.kind', value: 'server' }] })).toEqual(all);
  expect(found({ tags: [{ key: 'x" OR "a', value: '") OR 1' }] })).toEqual([]);
  expect(found({ fromMs: NOON + 3000, toMs: NOON + 5500 })).toEqual([5, 4, 3]);
  const paged: number[] = [];
  let cursor: string | undefined;
  do {
    const page = store.reader.search({ ...everything, limit: 5, cursor });
    paged.push(...page.items.map(({ traceId }) => Number.parseInt(traceId, 16) - 1));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(paged).toEqual(all);
  expect(() => store.reader.search({ ...everything, cursor: 'x' })).toThrow(CursorError);
  expect(store.reader.search({ ...everything, limit: 1 }).items[0]).toMatchObject({
    rootService: 'web',
    rootOperation: 'GET /api/*',
    spans: 2,
    errors: 0,
    durationMs: 111,
    services: [
      { name: 'web', spans: 1, errors: 0 },
      { name: 'api', spans: 1, errors: 0 },
    ],
  });
});

test('the service graph joins callers and callees that arrive in any order, over databases and queues', async () => {
  await using store = await spanDatabase({ segmentRows: 3 });
  // The callee's export comes first.
  store.writer.write([span({ id: 3, parent: 2, service: 'api', durationMs: 40, error: true })], NOON);
  store.writer.write(
    [
      span({
        id: 4,
        parent: 3,
        service: 'api',
        kind: CLIENT,
        durationMs: 8,
        attributes: { 'db.system.name': 'postgresql' },
      }),
    ],
    NOON,
  );
  store.writer.write([span({ id: 5, parent: 3, service: 'api', kind: PRODUCER })], NOON);
  store.writer.write(
    [span({ id: 1, service: 'web' }), span({ id: 2, parent: 1, service: 'web', kind: CLIENT })],
    NOON,
  );
  // A job of another trace that names the span which enqueued it; and calls within one service make no edge.
  store.writer.write(
    [
      span({
        trace: 9,
        id: 90,
        service: 'worker',
        kind: CONSUMER,
        durationMs: 100,
        links: [{ trace: 0, id: 5 }],
      }),
    ],
    NOON,
  );
  store.writer.write([span({ id: 6, parent: 3, service: 'api', kind: SERVER })], NOON);
  const graph = store.reader.serviceGraph({ fromMs: NOON - 60_000, toMs: NOON + 60_000 });
  const edges = Object.fromEntries(
    graph.edges.map((edge) => [`${edge.caller} ${edge.type} ${edge.callee}`, edge]),
  );
  expect(Object.keys(edges).sort()).toEqual(['api database postgresql', 'api queue worker', 'web call api']);
  expect(edges['web call api']).toMatchObject({ calls: 1, errors: 1 });
  expect(edges['web call api']?.p95Ms).toBeGreaterThanOrEqual(40);
  expect(edges['web call api']?.p95Ms).toBeLessThan(40 * 1.1);
  expect(graph.nodes).toEqual([
    { name: 'api', type: 'service', calls: 2, errors: 1 },
    { name: 'postgresql', type: 'database', calls: 1, errors: 0 },
    { name: 'web', type: 'service', calls: 1, errors: 0 },
    { name: 'worker', type: 'service', calls: 1, errors: 0 },
  ]);
  expect(store.reader.serviceGraph({ fromMs: NOON + 120_000, toMs: NOON + 180_000 })).toMatchObject({
    nodes: [],
    edges: [],
  });
  expect(store.reader.trace(hex(0, 32))?.linkedFrom).toEqual([{ traceId: hex(9, 32), spanId: hex(90, 16) }]);
});

test('services and operations are listed with their spans and errors of the range', async () => {
  await using store = await spanDatabase();
  store.writer.write(
    [
      span({ name: 'a' }),
      span({ name: 'a', error: true }),
      span({ name: 'b' }),
      span({ service: 'web' }),
      span({ name: 'a', startMs: -600_000 }),
    ],
    NOON,
  );
  const range = { fromMs: NOON - 60_000, toMs: NOON + 60_000 };
  expect(store.reader.services(range).items).toEqual([
    { name: 'api', spans: 3, errors: 1 },
    { name: 'web', spans: 1, errors: 0 },
  ]);
  expect(store.reader.operations({ ...range, service: 'api' }).items).toEqual([
    { name: 'a', kind: 'server', spans: 2, errors: 1 },
    { name: 'b', kind: 'server', spans: 1, errors: 0 },
  ]);
  expect(store.reader.operations({ ...range, service: `x' OR 1=1 --` }).items).toEqual([]);
});

test('span names without end and a trace without end are bounded, and what is left out is said', async () => {
  await using store = await spanDatabase();
  const names = 20_100;
  for (let from = 0; from < names; from += 1000) {
    store.writer.write(
      Array.from({ length: 1000 }, (_, index) =>
        span({ trace: 5, name: `operation ${from + index}`, startMs: from + index }),
      ),
      NOON,
    );
  }
  const trace = store.reader.trace(hex(5, 32));
  expect(trace?.spans).toHaveLength(5000);
  expect(trace?.omitted).toBeGreaterThan(0);
  expect(store.reader.count()).toBe(21_000);
  const last = span({ trace: 6, name: 'one name too many' });
  store.writer.write([last], NOON);
  expect(store.reader.trace(hex(6, 32))?.spans[0]?.name).toBe('one name too many');
});

test('the oldest spans make room for new ones, with the sums that told of them', async () => {
  const maxBytes = 3_000_000;
  await using store = await spanDatabase({ maxBytes });
  let evicted = 0;
  for (let minute = 0; minute < 40; minute++) {
    const startMs = minute * 60_000;
    evicted += store.writer.write(
      Array.from({ length: 300 }, (_, index) =>
        span({
          trace: minute * 1000 + index,
          startMs: startMs + index,
          attributes: { filler: `${index} ${'x'.repeat(200)}` },
        }),
      ),
      NOON + startMs,
    ).evicted;
    expect(store.writer.usedBytes()).toBeLessThanOrEqual(maxBytes);
  }
  expect(evicted).toBeGreaterThan(0);
  expect(store.reader.count()).toBe(12_000 - evicted);
  const all = { fromMs: NOON - 60_000, toMs: NOON + 3_600_000 };
  expect(store.reader.services(all).items[0]?.spans).toBe(12_000 - evicted);
});

test.each([
  ['trace id', { traceId: '0'.repeat(32) }],
  ['span id', { spanId: '12' }],
  ['before 2020', { startTimeUnixNano: 0n }],
  ['in the future', { startTimeUnixNano: 10n ** 19n, endTimeUnixNano: 10n ** 19n }],
  ['before start', { endTimeUnixNano: 1n }],
  ['years after', { endTimeUnixNano: 2n ** 63n }],
])('a span is refused whose %s', (reason, over) => {
  const sound = {
    traceId: hex(1, 32),
    spanId: hex(1, 16),
    parentSpanId: undefined,
    traceState: undefined,
    name: 'n',
    kind: 'server' as const,
    startTimeUnixNano: BigInt(NOON) * 1_000_000n,
    endTimeUnixNano: BigInt(NOON) * 1_000_000n,
    attributes: {},
    events: [],
    links: [],
    status: { code: 'unset' as const, message: '' },
    serviceName: 's',
    resource: {},
    scope: { name: '', version: '' },
  };
  expect(incomingSpan(sound, NOON)).toMatchObject({ name: 'n' });
  expect(incomingSpan({ ...sound, ...over }, NOON)).toContain(reason);
});
