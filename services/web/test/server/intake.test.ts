import { randomBytes } from 'node:crypto';
import { gzipSync } from 'node:zlib';
import { eventually } from '@lab/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MAX_SPANS } from '../../src/shared/intake.ts';
import { startUpstream, startWebServer, type WebServer } from '../support/web-server.ts';

let web: WebServer;
beforeAll(async () => {
  web = await startWebServer();
});
afterAll(() => web[Symbol.asyncDispose]());

const post = async (path: string, body: unknown, headers: Record<string, string> = {}, to = web) => {
  const response = await fetch(`${to.url}/telemetry/${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' || body instanceof Uint8Array ? (body as string) : JSON.stringify(body),
  });
  await response.arrayBuffer();
  return response.status;
};
/** Names and labels of every series that browsers can reach. */
const browserSeries = async (of: WebServer) => {
  const lines = (await of.metrics()).split('\n').filter((line) => /^(web_vitals|frontend_)/.test(line));
  return new Set(lines.map((line) => line.slice(0, line.lastIndexOf('} ') + 1)));
};
const vital = (values: object) => ({ metrics: [{ name: 'LCP', value: 1200, route: '/', ...values }] });
const scriptError = (values: object = {}) => ({
  errors: [{ kind: 'error', message: 'x is not a function', route: '/', ...values }],
});

describe('web vitals', () => {
  test('milliseconds become seconds, under the template of the page', async () => {
    expect(await post('vitals', vital({ route: '/tasks/42' }))).toBe(204);
    const metrics = await web.metrics();
    expect(metrics).toContain('web_vitals_lcp_seconds_sum{route="/tasks/:id",synthetic="false"} 1.2');
  });

  test('CLS has no unit', async () => {
    expect(await post('vitals', vital({ name: 'CLS', value: 0.07, route: '/login' }))).toBe(204);
    expect(await web.metrics()).toContain('web_vitals_cls_sum{route="/login",synthetic="false"} 0.07');
  });

  test('what a test sends is marked', async () => {
    expect(await post('vitals', vital({ name: 'INP', value: 80 }), { 'x-synthetic': '1' })).toBe(204);
    expect(await web.metrics()).toContain('web_vitals_inp_seconds_count{route="/",synthetic="true"} 1');
  });

  test('a value beyond all reason cannot spoil a sum', async () => {
    expect(await post('vitals', vital({ name: 'TTFB', value: 1e300, route: '/register' }))).toBe(204);
    expect(await web.metrics()).toContain(
      'web_vitals_ttfb_seconds_sum{route="/register",synthetic="false"} 60',
    );
  });

  test.each([
    ['a negative value', vital({ value: -1 })],
    ['an infinite value', '{"metrics":[{"name":"LCP","value":1e999,"route":"/"}]}'],
    ['text for a value', vital({ value: '12' })],
    ['an unknown metric', vital({ name: 'FID' })],
    ['a prototype for a metric', vital({ name: '__proto__' })],
    ['no metrics', { metrics: [] }],
    ['too many metrics', { metrics: Array(21).fill(vital({}).metrics[0]) }],
    ['a list', []],
    ['null', 'null'],
    ['no JSON', '{"metrics":'],
  ])('%s is refused', async (_name, body) => {
    expect(await post('vitals', body)).toBe(400);
  });
});

test('10,000 random routes, names, kinds and headers add no series beyond the fixed ones', async () => {
  // Its flood of errors would use up the log lines of the tests below.
  await using attacked = await startWebServer();
  for (const route of ['other', '/']) {
    await post('vitals', vital({ route }), {}, attacked);
    await post('vitals', vital({ route }), { 'x-synthetic': '1' }, attacked);
  }
  const before = await browserSeries(attacked);
  for (let round = 0; round < 500; round += 1) {
    const random = () => randomBytes(6).toString('hex');
    const metrics = Array.from({ length: 20 }, () => ({
      name: 'LCP',
      value: 1,
      route: `/${random()}"} 1\nforged{a="`,
      [random()]: random(),
    }));
    const statuses = await Promise.all([
      post('vitals', { metrics }, { 'x-synthetic': random() }, attacked),
      post('vitals', vital({ name: random() }), {}, attacked),
      post('errors', scriptError({ kind: random() }), {}, attacked),
      post('errors', scriptError({ route: `/${random()}`, message: random() }), {}, attacked),
    ]);
    expect(statuses).toEqual([204, 400, 400, 204]);
  }
  expect(await browserSeries(attacked)).toEqual(before);
  expect(await attacked.metrics()).not.toContain('forged');
}, 120_000);

describe('script errors', () => {
  test('are counted by kind, and their text is a log line, never a label', async () => {
    const message = `TypeError: boom-${Date.now()}`;
    expect(
      await post('errors', scriptError({ kind: 'render', message, stack: 'at App', route: '/tasks/7' })),
    ).toBe(204);
    const line = await web.logged((each) => each['error.message'] === message);
    expect(line).toMatchObject({
      'log.level': 'warn',
      'error.type': 'render',
      'error.stack_trace': 'at App',
      'labels.route': '/tasks/:id',
    });
    const metrics = await web.metrics();
    expect(metrics).toContain('frontend_errors_total{kind="render",synthetic="false"} 1');
    expect(metrics).not.toContain('boom');
  });

  test('secrets and line breaks in them do not reach the log', async () => {
    const message =
      'marker-7 password=hunter2\n{"log.level":"error","forged":true} eve@example.org Bearer abc.def';
    expect(await post('errors', scriptError({ message }))).toBe(204);
    const line = await web.logged((each) => String(each['error.message']).startsWith('marker-7'));
    expect(JSON.stringify(line)).not.toMatch(/hunter2|eve@example|abc\.def/);
    expect(await web.logLines()).not.toContainEqual(expect.objectContaining({ forged: true }));
  });

  test('endless texts are cut', async () => {
    const message = `marker-8 ${'a '.repeat(5000)}`;
    expect(await post('errors', scriptError({ message, stack: 'b '.repeat(10_000) }))).toBe(204);
    const line = await web.logged((each) => String(each['error.message']).startsWith('marker-8'));
    expect(String(line['error.message'])).toHaveLength(500);
    expect(String(line['error.stack_trace'])).toHaveLength(4000);
  });

  test('a flood is counted in full and logged in part, and the log says how much is missing', async () => {
    await using flooded = await startWebServer();
    const errors = Array(10).fill(scriptError({ message: 'flood' }).errors[0]);
    for (let round = 0; round < 50; round += 1)
      expect(await post('errors', { errors }, {}, flooded)).toBe(204);
    expect(await flooded.metrics()).toContain('frontend_errors_total{kind="error",synthetic="false"} 500');
    const last = await eventually('a line that counts what was left out', async () => {
      await post('errors', scriptError({ message: 'after the flood' }), {}, flooded);
      return (await flooded.logLines()).find((line) => Number(line['labels.unlogged']) > 0);
    });
    expect(Number(last['labels.unlogged'])).toBeGreaterThan(0);
  });
});

describe('who may send, and how much', () => {
  test('another site may not', async () => {
    expect(await post('vitals', vital({}), { origin: 'https://evil.example' })).toBe(403);
    expect(await post('vitals', vital({}), { 'sec-fetch-site': 'cross-site' })).toBe(403);
    expect(await post('vitals', vital({}), { origin: web.url, 'sec-fetch-site': 'same-origin' })).toBe(204);
  });

  test('a body that is too large is not read, announced or not', async () => {
    const large = JSON.stringify({ metrics: [{ name: 'LCP', value: 1, route: 'x'.repeat(70_000) }] });
    expect(await post('vitals', large)).toBe(413);
    const response = await fetch(`${web.url}/telemetry/errors`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: new Blob([large]).stream(),
      duplex: 'half',
    } as RequestInit);
    await response.arrayBuffer();
    expect(response.status).toBe(413);
    expect(await web.metrics()).toMatch(
      /frontend_intake_rejected_total\{endpoint="errors",reason="too_large"\} 1/,
    );
  });

  test('neither a compressed body nor another type is read', async () => {
    const bomb = gzipSync(JSON.stringify(vital({})));
    expect(await post('vitals', bomb, { 'content-encoding': 'gzip' })).toBe(415);
    expect(await post('vitals', vital({}), { 'content-type': 'text/plain' })).toBe(415);
  });

  test('a client that sends too often is told to wait', async () => {
    await using limited = await startWebServer({ intakeRate: 1 });
    const attempts = Array.from({ length: 50 }, () => post('vitals', vital({}), {}, limited));
    expect(new Set(await Promise.all(attempts))).toEqual(new Set([204, 429]));
    expect(await limited.metrics()).toMatch(
      /frontend_intake_rejected_total\{endpoint="vitals",reason="rate_limited"\} [1-9]/,
    );
  });

  test('refusals are counted from 0', async () => {
    await using fresh = await startWebServer();
    expect(await fresh.metrics()).toContain(
      'frontend_intake_rejected_total{endpoint="spans",reason="invalid"} 0',
    );
    expect(await fresh.metrics()).toContain(
      'frontend_errors_total{kind="unhandledrejection",synthetic="false"} 0',
    );
  });
});

describe('spans', () => {
  const span = (values: object = {}) => ({
    traceId: '0af7651916cd43dd8448eb211c80319c',
    spanId: 'b7ad6b7169203331',
    name: 'GET /api/v1/tasks',
    kind: 3,
    startTimeUnixNano: `${Date.now() - 100}000000`,
    endTimeUnixNano: `${Date.now()}000000`,
    ...values,
  });
  const exportOf = (...spans: object[]) => ({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: 'taskmanager-api' } }] },
        scopeSpans: [{ spans }],
      },
    ],
  });

  test('are passed on under the name of the browser app, whoever they claim to be', async () => {
    const received: { url: string | undefined; body: string }[] = [];
    await using sink = await startUpstream(async (incoming, response) => {
      received.push({ url: incoming.url, body: String(Buffer.concat(await Array.fromAsync(incoming))) });
      response.end('{}');
    });
    await using tracing = await startWebServer({ otlpUrl: sink.url });
    const links = [{ traceId: '0af7651916cd43dd8448eb211c80319d', spanId: 'b7ad6b7169203332' }];
    const body = exportOf(
      span({ links, traceState: 'a=b', flags: 1, attributes: [{ key: 'a.b', value: { intValue: 7 } }] }),
    );
    expect(await post('spans', body, { 'x-synthetic': '1' }, tracing)).toBe(204);
    const delivery = await eventually('a delivery', () => received[0]);
    expect(delivery.url).toBe('/v1/traces');
    const sent = JSON.parse(delivery.body);
    expect(sent.resourceSpans).toHaveLength(1);
    expect(sent.resourceSpans[0].resource.attributes).toContainEqual({
      key: 'service.name',
      value: { stringValue: 'taskmanager-browser' },
    });
    expect(delivery.body).not.toMatch(/taskmanager-api|links|traceState/);
    expect(sent.resourceSpans[0].scopeSpans[0].spans[0].attributes).toEqual([
      { key: 'a.b', value: { intValue: '7' } },
      { key: 'user_agent.synthetic.type', value: { stringValue: 'test' } },
    ]);
  });

  test.each([
    ['an id of zeros', { traceId: '0'.repeat(32) }],
    ['a short id', { spanId: 'abc' }],
    ['no name', { name: '' }],
    ['an endless name', { name: 'x'.repeat(201) }],
    ['an end before its start', { endTimeUnixNano: '1' }],
    ['a start in another century', { startTimeUnixNano: '1', endTimeUnixNano: '2' }],
    ['a time that is no number', { startTimeUnixNano: '1e18' }],
    ['an unknown kind', { kind: 9 }],
    ['an attribute without a sane name', { attributes: [{ key: 'a b"', value: { boolValue: true } }] }],
    ['an attribute that is a tree', { attributes: [{ key: 'a', value: { kvlistValue: { values: [] } } }] }],
    ['an attribute of two values', { attributes: [{ key: 'a', value: { stringValue: '', intValue: '1' } }] }],
    ['33 attributes', { attributes: Array(33).fill({ key: 'a', value: { boolValue: true } }) }],
    ['21 events', { events: Array(21).fill({ name: 'x', timeUnixNano: '1' }) }],
  ])('%s is refused', async (_name, values) => {
    expect(await post('spans', exportOf(span(values)))).toBe(400);
  });

  test('too many at once are refused, also spread over groups', async () => {
    const many = Array.from({ length: MAX_SPANS }, () => span());
    expect(await post('spans', exportOf(...many))).toBe(204);
    expect(await post('spans', exportOf(...many, span()))).toBe(400);
    const groups = [...exportOf(...many).resourceSpans, ...exportOf(span()).resourceSpans];
    expect(await post('spans', { resourceSpans: groups })).toBe(400);
  });

  test('a collector that is gone, or answers nonsense, costs spans and nothing else; they are counted', async () => {
    await using broken = await startUpstream((_incoming, response) => response.writeHead(500).end());
    await using tracing = await startWebServer({ otlpUrl: broken.url });
    const lost = async () =>
      Number(
        /telemetry_spans_dropped_total\{reason="export_failed"\} (\d+)/.exec(await tracing.metrics())?.[1],
      );
    const before = await lost();
    expect(await post('spans', exportOf(span(), span()), {}, tracing)).toBe(204);
    await eventually('two lost spans', async () => (await lost()) === before + 2);
    await tracing.logged((line) => line['event.action'] === 'browser-spans-dropped');
  });

  test('a collector that hangs cannot fill the memory: what does not fit is dropped and counted', async () => {
    await using hung = await startUpstream(() => {});
    await using tracing = await startWebServer({ otlpUrl: hung.url });
    const lost = async () =>
      Number(/telemetry_spans_dropped_total\{reason="queue_full"\} (\d+)/.exec(await tracing.metrics())?.[1]);
    const before = await lost();
    const many = Array.from({ length: MAX_SPANS }, () => span());
    for (let round = 0; round < 80; round += 1)
      expect(await post('spans', exportOf(...many), {}, tracing)).toBe(204);
    expect(await lost()).toBeGreaterThan(before);
  });
});
