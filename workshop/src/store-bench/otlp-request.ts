/** Export requests as the lab's services send them, in protobuf, made fast: traces web → api → Postgres, some with errors. */
import protobuf from 'protobufjs';
import { hexFrom, randomFrom } from './records.ts';

const { Writer } = protobuf;
type Writer = protobuf.Writer;

const KIND = { internal: 1, server: 2, client: 3, producer: 4, consumer: 5 } as const;
const ROUTES = ['/api/v1/tasks', '/api/v1/tasks/:id', '/api/v1/users/me', '/api/v1/tasks/:id/complete'];

interface PlainSpan {
  traceId: string;
  spanId: string;
  parentId: string;
  name: string;
  kind: number;
  startNs: bigint;
  endNs: bigint;
  attributes: Record<string, string | number | boolean>;
  failed: boolean;
}

/** Bodies of `POST /v1/traces`, each with `spansEach` spans of one service, as batch processors send them. */
export function* requests(seed: number, firstMs: number, spansEach: number): Generator<Buffer> {
  const random = randomFrom(seed);
  const waiting: Record<string, PlainSpan[]> = { 'taskmanager-web': [], 'taskmanager-api': [] };
  let ms = firstMs;
  for (;;) {
    ms += 2;
    for (const [service, spans] of Object.entries(trace(random, ms))) {
      const batch = waiting[service] ?? [];
      waiting[service] = batch;
      batch.push(...spans);
      if (batch.length >= spansEach) yield encode(service, batch.splice(0, spansEach));
    }
  }
}

function trace(random: () => number, ms: number): Record<string, PlainSpan[]> {
  const traceId = hexFrom(random, 32);
  const route = ROUTES[Math.floor(random() * ROUTES.length)] ?? '/';
  const failed = random() < 0.02;
  const requestId = hexFrom(random, 32);
  const startNs = BigInt(ms) * 1_000_000n + BigInt(Math.floor(random() * 1e6));
  const durationNs = Math.floor(random() ** 4 * 1e9) + 2_000_000;
  const span = (
    name: string,
    kind: number,
    parentId: string,
    depth: number,
    attributes: PlainSpan['attributes'],
  ): PlainSpan => ({
    traceId,
    spanId: hexFrom(random, 16),
    parentId,
    name,
    kind,
    startNs: startNs + BigInt(depth * 200_000),
    endNs: startNs + BigInt(durationNs - depth * 200_000),
    attributes,
    failed,
  });
  const http = {
    'http.request.method': 'GET',
    'http.route': route,
    'http.request.id': requestId,
    'http.response.status_code': failed ? 500 : 200,
    'url.path': route,
    'url.scheme': 'http',
  };
  const edge = span(`GET /api/*`, KIND.server, '', 0, { ...http, 'client.address': '127.0.0.1' });
  const out = span('GET', KIND.client, edge.spanId, 1, {
    ...http,
    'server.address': '127.0.0.1',
    'server.port': 3001,
  });
  const api = span(`GET ${route}`, KIND.server, out.spanId, 2, { ...http, 'client.address': '127.0.0.1' });
  const queries = [3, 4].map((depth) =>
    span('SELECT tasks', KIND.client, api.spanId, depth, {
      'db.system.name': 'postgresql',
      'db.namespace': 'taskmanager',
      'db.query.text':
        'SELECT id, title, status FROM tasks WHERE owner_id = $1 ORDER BY created_at DESC LIMIT $2',
      'db.operation.name': 'SELECT',
    }),
  );
  return { 'taskmanager-web': [edge, out], 'taskmanager-api': [api, ...queries] };
}

function encode(service: string, spans: PlainSpan[]): Buffer {
  const request = Writer.create();
  request.uint32(10).fork();
  request.uint32(10).fork();
  attribute(request, 10, 'service.name', service);
  attribute(request, 10, 'service.version', '0.1.0');
  attribute(request, 10, 'service.instance.id', `${service}-1`);
  attribute(request, 10, 'deployment.environment.name', 'lab');
  request.ldelim();
  request.uint32(18).fork();
  request.uint32(10).fork().uint32(10).string('bench').ldelim();
  for (const span of spans) {
    request.uint32(18).fork();
    request
      .uint32(10)
      .bytes(Buffer.from(span.traceId, 'hex'))
      .uint32(18)
      .bytes(Buffer.from(span.spanId, 'hex'));
    if (span.parentId !== '') request.uint32(34).bytes(Buffer.from(span.parentId, 'hex'));
    request.uint32(42).string(span.name).uint32(48).int32(span.kind);
    fixed64(request.uint32(57), span.startNs);
    fixed64(request.uint32(65), span.endNs);
    for (const [key, value] of Object.entries(span.attributes)) attribute(request, 74, key, value);
    request.uint32(122).fork();
    if (span.failed) request.uint32(24).int32(2);
    request.ldelim();
    request.ldelim();
  }
  request.ldelim().ldelim();
  return Buffer.from(request.finish());
}

function fixed64(writer: Writer, value: bigint): void {
  const low = Number(value & 0xffffffffn);
  const high = Number(value >> 32n);
  writer.fixed64({ low: low | 0, high: high | 0, unsigned: true } as never);
}

function attribute(writer: Writer, tag: number, key: string, value: string | number | boolean): void {
  writer.uint32(tag).fork().uint32(10).string(key).uint32(18).fork();
  if (typeof value === 'string') writer.uint32(10).string(value);
  else if (typeof value === 'boolean') writer.uint32(16).bool(value);
  else writer.uint32(24).int64(value);
  writer.ldelim().ldelim();
}
