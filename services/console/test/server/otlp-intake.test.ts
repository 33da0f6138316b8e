import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect, type Socket } from 'node:net';
import { gzipSync } from 'node:zlib';
import { type ConsoleProgram, eventually, startConsole } from '@lab/testing';
import { requests } from '@lab/workshop/otlp-requests';
import protobuf from 'protobufjs';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { serviceGraphSchema, tracePageSchema, traceSchema } from '../../src/contract/traces.ts';

let lab: ConsoleProgram;
beforeAll(async () => {
  lab = await startConsole({ OTLP_MAX_BODY_MB: '1' });
});
afterAll(() => lab[Symbol.asyncDispose]());

const PROTOBUF = 'application/x-protobuf';
const JSON_TYPE = 'application/json';

async function send(body: Uint8Array | string, headers: Record<string, string> = {}, path = '/v1/traces') {
  const response = await fetch(lab.otlpUrl + path, {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE, ...headers },
    body: typeof body === 'string' ? body : new Uint8Array(body),
  });
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { status: response.status, headers: response.headers, bytes, text: Buffer.from(bytes).toString() };
}

let made = 0;
/** A span of OTLP/JSON; each call another trace. */
function jsonSpan(over: Record<string, unknown> = {}) {
  const id = (++made).toString(16);
  const now = BigInt(Date.now()) * 1_000_000n;
  return {
    traceId: id.padStart(32, 'a'),
    spanId: id.padStart(16, 'b'),
    name: 'GET /things/:id',
    kind: 2,
    startTimeUnixNano: String(now - 5_000_000n),
    endTimeUnixNano: String(now),
    attributes: [{ key: 'http.request.id', value: { stringValue: `request-${id}` } }],
    status: { code: 2, message: 'it broke' },
    ...over,
  };
}

function jsonRequest(spans: unknown[], service = 'json-service') {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: [{ key: 'service.name', value: { stringValue: service } }] },
        scopeSpans: [{ scope: { name: 'test' }, spans }],
      },
    ],
  });
}

const search = async (query: string) => tracePageSchema.parse((await lab.get(`/api/traces?${query}`)).body);
const rejected = async () =>
  Number(/^console_store_rejected_total\{signal="spans"\} (\d+)/m.exec(await lab.program.metrics())?.[1]);

test('spans in JSON are stored when the answer comes, and found by tag, service, operation and error', async () => {
  const span = jsonSpan();
  expect(await send(jsonRequest([span]))).toMatchObject({ status: 200, text: '{}' });
  for (const query of [
    `tag=http.request.id=request-${made.toString(16)}`,
    'service=json-service',
    `operation=${encodeURIComponent('GET /things/:id')}`,
    'service=json-service&error=true',
    'service=json-service&minDurationMs=4&maxDurationMs=6',
  ]) {
    expect((await search(query)).items, query).toMatchObject([
      { traceId: span.traceId, rootService: 'json-service', spans: 1, errors: 1 },
    ]);
  }
  const trace = traceSchema.parse((await lab.get(`/api/traces/${span.traceId.toUpperCase()}`)).body);
  expect(trace.spans[0]).toMatchObject({
    kind: 'server',
    error: true,
    statusMessage: 'it broke',
    durationMs: 5,
  });
  expect((await lab.get('/api/services')).body).toMatchObject({
    items: [{ name: 'json-service', errors: 1 }],
  });
  expect((await lab.get('/api/services/json-service/operations')).body).toMatchObject({
    items: [{ name: 'GET /things/:id' }],
  });
});

test.each([false, true])(
  'spans in protobuf are stored, gzip: %s, and make a service graph',
  async (zipped) => {
    const bodies = requests(zipped ? 11 : 12, Date.now() - 60_000, 50);
    for (let index = 0; index < 6; index++) {
      const body = bodies.next().value as Buffer;
      const answer = await send(zipped ? gzipSync(body) : body, {
        'content-type': PROTOBUF,
        ...(zipped ? { 'content-encoding': 'gzip' } : {}),
      });
      expect(answer).toMatchObject({ status: 200, bytes: new Uint8Array() });
      expect(answer.headers.get('content-type')).toBe(PROTOBUF);
    }
    const { edges } = serviceGraphSchema.parse((await lab.get('/api/service-graph')).body);
    expect(edges).toContainEqual(
      expect.objectContaining({ caller: 'taskmanager-web', callee: 'taskmanager-api', type: 'call' }),
    );
    expect(edges).toContainEqual(
      expect.objectContaining({ caller: 'taskmanager-api', callee: 'postgresql', type: 'database' }),
    );
  },
);

test('spans that cannot be are left out, said and counted; the others of the request are stored', async () => {
  const before = await rejected();
  const sound = jsonSpan();
  const answer = await send(
    jsonRequest([
      jsonSpan({ endTimeUnixNano: '1' }),
      sound,
      jsonSpan({ startTimeUnixNano: '5', endTimeUnixNano: '6' }),
    ]),
  );
  expect(answer.status).toBe(200);
  expect(JSON.parse(answer.text)).toEqual({
    partialSuccess: { rejectedSpans: '2', errorMessage: expect.stringContaining('start time') },
  });
  expect((await lab.get(`/api/traces/${sound.traceId}`)).status).toBe(200);
  expect(await rejected()).toBe(before + 2);
});

test.each<[string, string | Uint8Array, Record<string, string>, number]>([
  ['JSON that is none', '{"resourceSpans":', {}, 400],
  ['JSON of another shape', '{"resourceSpans":"x"}', {}, 400],
  ['a trace id too short', jsonRequest([jsonSpan({ traceId: 'abc' })]), {}, 400],
  ['protobuf that is none', Buffer.from('this is no protobuf'), { 'content-type': PROTOBUF }, 400],
  [
    'protobuf cut in two',
    (requests(1, Date.now(), 50).next().value as Buffer).subarray(0, 900),
    { 'content-type': PROTOBUF },
    400,
  ],
  ['gzip that is none', 'not zipped', { 'content-encoding': 'gzip' }, 400],
  [
    'gzip cut in two',
    gzipSync(jsonRequest([jsonSpan()])).subarray(0, 60),
    { 'content-encoding': 'gzip' },
    400,
  ],
  ['another encoding', 'x', { 'content-encoding': 'br' }, 415],
  ['another media type', 'x', { 'content-type': 'text/plain' }, 415],
  ['a body too large', 'x'.repeat(1_100_000), {}, 413],
  ['a bomb', gzipSync(Buffer.alloc(30_000_000)), { 'content-encoding': 'gzip' }, 413],
])('%s is refused with the reason, and counted', async (_, body, headers, status) => {
  const before = await rejected();
  const answer = await send(body, headers);
  expect(answer.status).toBe(status);
  if (headers['content-type'] === PROTOBUF) {
    expect(answer.headers.get('content-type')).toBe(PROTOBUF);
    const reader = protobuf.Reader.create(answer.bytes);
    expect([reader.uint32(), reader.int32(), reader.uint32()]).toEqual([8, 3, 18]);
    expect(reader.string()).toContain('expected');
  } else
    expect(JSON.parse(answer.text)).toMatchObject({
      code: expect.any(Number),
      message: expect.stringContaining('expected'),
    });
  expect(await rejected()).toBe(before + 1);
});

test('an empty request is a request; other paths and methods are told what is expected, and are no rejected spans', async () => {
  const before = await rejected();
  expect((await send('{}')).status).toBe(200);
  expect((await send(new Uint8Array(), { 'content-type': PROTOBUF })).status).toBe(200);
  expect((await send('{}', {}, '/v1/metrics')).status).toBe(404);
  const get = await fetch(`${lab.otlpUrl}/v1/traces`);
  await get.arrayBuffer();
  expect([get.status, get.headers.get('allow')]).toEqual([405, 'POST']);
  expect(await rejected()).toBe(before);
});

test('a body that grows too large on its way is refused while it is sent, with an answer that arrives', async () => {
  const request = httpRequest(`${lab.otlpUrl}/v1/traces`, {
    method: 'POST',
    headers: { 'content-type': JSON_TYPE },
  });
  request.on('error', () => undefined);
  const answered = once(request, 'response');
  for (let index = 0; index < 30; index++) request.write('x'.repeat(100_000));
  request.end();
  const [response] = await answered;
  expect(response.statusCode).toBe(413);
  response.resume();
});

/** A connection on which a request has begun and does not go on. */
async function halfRequest(): Promise<Socket> {
  const { hostname, port } = new URL(lab.otlpUrl);
  const socket = connect(Number(port), hostname);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(
    'POST /v1/traces HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{',
  );
  return socket;
}

test('more requests at once than are taken are told to come again, until there is room', async () => {
  const sockets = await Promise.all(Array.from({ length: 101 }, halfRequest));
  try {
    const span = jsonSpan();
    const refused = await eventually('a request is sent back', async () => {
      const answer = await send(jsonRequest([span]));
      return answer.status === 503 ? answer : undefined;
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect(JSON.parse(refused.text)).toMatchObject({ code: 14, message: expect.stringContaining('again') });
  } finally {
    for (const socket of sockets) socket.destroy();
  }
  // Clients that hung up in the middle leave nothing behind.
  await eventually('there is room again', async () => (await send(jsonRequest([jsonSpan()]))).status === 200);
});

test('of a flood every span that was accepted is stored, and what was sent back is taken the next time', async () => {
  const filler = [{ key: 'filler', value: { stringValue: 'x'.repeat(2000) } }];
  const bodies = Array.from({ length: 80 }, () =>
    jsonRequest(
      Array.from({ length: 300 }, () => jsonSpan({ attributes: filler })),
      'flood',
    ),
  );
  const statuses = await Promise.all(bodies.map(async (body) => (await send(body)).status));
  expect(statuses.every((status) => status === 200 || status === 503)).toBe(true);
  const spans = async () => {
    const { items } = (await lab.get('/api/services')).body as { items: { name: string; spans: number }[] };
    return items.find(({ name }) => name === 'flood')?.spans ?? 0;
  };
  const accepted = statuses.filter((status) => status === 200).length;
  expect(await spans()).toBe(accepted * 300);
  for (const [index, status] of statuses.entries()) {
    if (status === 503)
      await eventually('it is taken', async () => (await send(bodies[index] ?? '')).status === 200);
  }
  expect(await spans()).toBe(80 * 300);
});

test.each([
  ['/api/traces/xyz', 400],
  [`/api/traces/${'0'.repeat(32)}`, 404],
  ['/api/traces?tag=nothing', 400],
  [`/api/traces?tag=a=${'x'.repeat(300)}`, 400],
  ['/api/traces?tag==x', 400],
  [`/api/traces?${Array.from({ length: 11 }, () => 'tag=a=b').join('&')}`, 400],
  ['/api/traces?minDurationMs=-1', 400],
  ['/api/traces?minDurationMs=5&maxDurationMs=1', 400],
  ['/api/traces?minDurationMs=1e5', 400],
  ['/api/traces?error=maybe', 400],
  ['/api/traces?limit=101', 400],
  ['/api/traces?cursor=x', 400],
  ['/api/traces?from=now&to=now-1h', 400],
  ['/api/traces?servcie=x', 400],
  ['/api/services?from=never', 400],
  ['/api/service-graph?to=%00', 400],
  ["/api/services/x'%20OR%201=1/operations", 200],
  ["/api/traces?service=%22)%20OR%201=1--&operation='%3BDROP%20TABLE%20spans", 200],
])('%s answers %i', async (path, status) => {
  const answer = await lab.get(path);
  expect(answer.status).toBe(status);
  if (status !== 200) expect(answer.headers.get('content-type')).toContain('application/problem+json');
});
