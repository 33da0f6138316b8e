import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { join } from 'node:path';
import { createTestDatabase, eventually, freePort, startOtlpSink, temporaryFolder } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { startFixture } from './support/child.ts';
import { startTracedService } from './support/traced-service.ts';

const traceparent = (traceId: string, flags = '01') => `00-${traceId}-00f067aa0ba902b7-${flags}`;
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const DROPS = (reason: string) => `telemetry_spans_dropped_total{reason="${reason}"}`;

describe('a traced request', () => {
  it('has a server span and a database span in the caller’s trace; log line and exemplar carry its id', async () => {
    await using sink = await startOtlpSink();
    await using database = await createTestDatabase();
    await using folder = await temporaryFolder();
    const file = join(folder.path, 'service.log');
    await using service = await startTracedService({
      OTEL_EXPORTER_OTLP_ENDPOINT: `${sink.url}/`,
      OTEL_TRACES_SAMPLER_ARG: '0',
      SERVICE_VERSION: '7.8.9',
      SERVICE_INSTANCE_ID: 'instance-1',
      DEPLOYMENT_ENVIRONMENT: 'test',
      DATABASE_URL: database.ownerUrl,
      LOG_FILE: file,
    });
    const response = await fetch(`${service.url}/sum/41?token=hunter2`, {
      headers: { traceparent: traceparent(TRACE), tracestate: 'vendor=1', 'x-request-id': 'request-1' },
    });
    expect(await response.json()).toEqual({ sum: 42 });

    const server = await sink.span('of the request', ({ kind }) => kind === 'server');
    expect(server).toMatchObject({
      traceId: TRACE,
      parentSpanId: '00f067aa0ba902b7',
      traceState: 'vendor=1',
      name: 'GET /sum/:a',
      serviceName: 'traced-service',
      status: { code: 'unset' },
      resource: {
        'service.name': 'traced-service',
        'service.version': '7.8.9',
        'service.instance.id': 'instance-1',
        'deployment.environment.name': 'test',
      },
      attributes: {
        'http.request.method': 'GET',
        'http.route': '/sum/:a',
        'http.response.status_code': 200,
        'url.path': '/sum/41',
        'url.query': 'token=[redacted]',
        'http.request.id': 'request-1',
      },
    });
    const query = await sink.span('of the query', ({ name }) => name === 'SELECT');
    expect(query).toMatchObject({
      traceId: TRACE,
      parentSpanId: server.spanId,
      kind: 'client',
      attributes: {
        'db.system.name': 'postgresql',
        'db.namespace': database.name,
        'db.operation.name': 'SELECT',
        'db.query.text': 'SELECT $1::int + ? AS sum',
        'server.address': '127.0.0.1',
      },
    });
    expect(query.startTimeUnixNano).toBeGreaterThanOrEqual(server.startTimeUnixNano);
    expect(query.endTimeUnixNano).toBeLessThanOrEqual(server.endTimeUnixNano);
    const line = await eventually('the access line', async () =>
      (await readFile(file, 'utf8')).split('\n').find((text) => text.includes('request-1')),
    );
    expect(JSON.parse(line)).toMatchObject({ 'trace.id': TRACE, 'span.id': server.spanId });
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    expect(metrics).toMatch(
      new RegExp(
        `^http_request_duration_seconds_bucket\\{.*route="/sum/:a".*# \\{trace_id="${TRACE}"\\}`,
        'm',
      ),
    );
    expect(metrics).toMatch(
      new RegExp(
        `^database_operation_duration_seconds_bucket\\{.*operation="select".*trace_id="${TRACE}"`,
        'm',
      ),
    );
    expect(sink.problems).toEqual([]);
  });

  it('is an error with the route’s name when a handler throws, and 499 when the client goes away', async () => {
    await using sink = await startOtlpSink();
    await using service = await startTracedService({
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_TRACES_SAMPLER_ARG: '1',
    });
    await fetch(`${service.url}/api/v1/tasks/1/throws`);
    const aborted = new AbortController();
    const call = fetch(`${service.url}/api/v1/tasks/1/hangs`, { signal: aborted.signal }).catch(
      () => undefined,
    );
    await eventually('it hangs', async () => (await service.sample('http_requests_in_flight')) === 2);
    aborted.abort();
    await call;
    const thrown = await sink.span('of the error', ({ name }) => name === 'GET /api/v1/tasks/:id/throws');
    expect(thrown).toMatchObject({
      status: { code: 'error' },
      attributes: { 'http.response.status_code': 500, 'error.type': '500' },
    });
    const gone = await sink.span('of the abort', ({ name }) => name === 'GET /api/v1/tasks/:id/hangs');
    expect(gone.attributes).toMatchObject({ 'http.response.status_code': 499, 'error.type': '499' });
  });

  it('is recorded by ratio for new traces, and as its parent was for others', async () => {
    await using sink = await startOtlpSink();
    await using service = await startTracedService({
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_TRACES_SAMPLER_ARG: '0.5',
    });
    const random = () => crypto.randomUUID().replaceAll('-', '');
    const [recorded, unrecorded] = [random(), random()];
    const call = (headers: Record<string, string>) => fetch(`${service.url}/api/v1/tasks/1`, { headers });
    for (let index = 0; index < 200; index += 1) await call({});
    await call({ traceparent: traceparent(unrecorded, '00') });
    await call({ traceparent: traceparent(recorded, '01') });
    await sink.span('of the recorded parent', ({ traceId }) => traceId === recorded);
    const byRatio = sink.spans.filter(({ parentSpanId }) => parentSpanId === undefined).length;
    // Two hundred coins: outside of this in one run of 10^10.
    expect(byRatio).toBeGreaterThan(50);
    expect(byRatio).toBeLessThan(150);
    expect(sink.spans.some(({ traceId }) => traceId === unrecorded)).toBe(false);
  });
});

/** A tracing backend that behaves as `act` says. */
async function backend(
  server: Server | ReturnType<typeof createTcpServer>,
): Promise<AsyncDisposable & { url: string }> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      if ('closeAllConnections' in server) server.closeAllConnections();
      server.close();
    },
  };
}

describe('a tracing backend', () => {
  const silent = () => {
    const server = createTcpServer((socket) => {
      socket.on('error', () => undefined);
      server.once('close', () => socket.destroy());
    });
    return server;
  };
  it.each([
    [
      'that is down',
      async () => ({ url: `http://127.0.0.1:${await freePort()}`, async [Symbol.asyncDispose]() {} }),
    ],
    ['that never answers', () => backend(silent())],
    [
      'that answers 500',
      () => backend(createServer((_request, response) => response.writeHead(500).end('no'))),
    ],
    [
      'that is no HTTP server',
      () => backend(createTcpServer((socket) => socket.on('error', () => undefined).end('SSH-2.0\r\n'))),
    ],
    [
      'that trickles its answer for ever',
      () =>
        backend(
          createServer((_request, response) => {
            response.writeHead(200);
            const timer = setInterval(() => response.write('x'), 50);
            response.on('close', () => clearInterval(timer));
          }),
        ),
    ],
  ])('%s costs nothing but spans, which are counted', async (_case, start) => {
    await using broken = await start();
    await using service = await startTracedService({
      OTEL_EXPORTER_OTLP_ENDPOINT: broken.url,
      OTEL_TRACES_SAMPLER_ARG: '1',
    });
    for (let index = 0; index < 20; index += 1) {
      expect((await fetch(`${service.url}/api/v1/tasks/${index}`)).status).toBe(200);
    }
    await eventually(
      'the lost spans are counted',
      async () => (await service.sample(DROPS('export_failed'))) >= 20,
    );
    expect((await fetch(`${service.url}/api/v1/tasks/1`)).status).toBe(200);
    service.process.kill('SIGTERM');
    expect(await service.exited).toBe(0);
  });

  it('that answers nonsense with 200 is taken at its word', async () => {
    await using broken = await backend(
      createServer((_request, response) => response.end('<html>'.repeat(100))),
    );
    await using service = await startTracedService({
      OTEL_EXPORTER_OTLP_ENDPOINT: broken.url,
      OTEL_TRACES_SAMPLER_ARG: '1',
    });
    expect((await fetch(`${service.url}/api/v1/tasks/1`)).status).toBe(200);
    service.process.kill('SIGTERM');
    expect(await service.exited).toBe(0);
  });
});

describe('the register module', () => {
  const register = new URL('../src/register.ts', import.meta.url).pathname;
  it.each([
    ['SERVICE_NAME', '', 'the name of the service'],
    ['OTEL_TRACES_SAMPLER_ARG', '1.5', 'a number from 0 to 1'],
    ['OTEL_TRACES_SAMPLER_ARG', 'many', 'a number from 0 to 1'],
    [
      'OTEL_EXPORTER_OTLP_ENDPOINT',
      'jaeger:4318',
      'a base URL such as http://127.0.0.1:4318, without /v1/traces',
    ],
  ])('refuses %s=%j with status 2, saying what it expected', async (variable, value, expected) => {
    const env = { SERVICE_NAME: 'x', [variable]: value };
    await using child = startFixture('logging-program.ts', ['exit', '1'], env, 'ignore', [
      '--import',
      register,
    ]);
    expect(await child.exited).toBe(2);
    expect(child.errors.join('')).toBe(
      `${env.SERVICE_NAME || 'unknown_service'} cannot start: ${variable}: expected ${expected}, got ${(value && JSON.stringify(value)) || 'nothing'}\n`,
    );
  });

  it('without an endpoint passes context on and records nothing', async () => {
    await using service = await startTracedService({ OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    const response = await fetch(`${service.url}/api/v1/tasks/1`, {
      headers: { traceparent: traceparent(TRACE) },
    });
    expect(response.status).toBe(200);
    expect(await service.sample(DROPS('export_failed'))).toBe(0);
    expect(await service.sample(DROPS('queue_full'))).toBe(0);
  });
});
