import { once } from 'node:events';
import { connect } from 'node:net';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { text } from 'node:stream/consumers';
import { eventually, serve } from '@lab/testing';
import express from 'express';
import { describe, expect, it } from 'vitest';
import {
  createFaults,
  createManagementServer,
  createTelemetry,
  type FaultController,
  httpServerTelemetry,
  type ManagementServerOptions,
} from '../src/index.ts';
import { type TestTelemetry, testTelemetry } from './support/telemetry.ts';

const TOKEN = 'a-token-of-decent-length';

interface Management extends AsyncDisposable {
  url: string;
  own: TestTelemetry;
  setReady(ready: boolean): void;
  faults(
    method: string,
    body?: unknown,
    token?: string,
  ): Promise<{ status: number; body: Record<string, unknown> }>;
}

async function startManagement(
  options: Partial<ManagementServerOptions> = {},
  makeFaults?: (own: TestTelemetry) => FaultController,
): Promise<Management> {
  const own = await testTelemetry();
  const server = createManagementServer({
    telemetry: own.telemetry,
    port: 0,
    faults: makeFaults?.(own),
    ...options,
  });
  const url = `http://127.0.0.1:${await server.listen()}`;
  return {
    url,
    own,
    setReady: (ready) => server.setReady(ready),
    async faults(method, body, token = TOKEN) {
      const response = await fetch(`${url}/faults`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      return { status: response.status, body: (await response.json()) as Record<string, unknown> };
    },
    async [Symbol.asyncDispose]() {
      await server.close();
      await own[Symbol.asyncDispose]();
    },
  };
}

const enabled = ({ telemetry }: TestTelemetry) => createFaults({ telemetry, enabled: true, token: TOKEN });

describe('the management listener', () => {
  it('serves OpenMetrics with exemplars, whose every line a strict reader takes', async () => {
    await using management = await startManagement();
    const response = await fetch(`${management.url}/metrics`);
    expect(response.headers.get('content-type')).toBe(
      'application/openmetrics-text; version=1.0.0; charset=utf-8',
    );
    const text = await response.text();
    expect(text.endsWith('# EOF\n')).toBe(true);
    for (const line of text
      .split('\n')
      .filter((candidate) => !candidate.startsWith('#') && candidate !== '')) {
      expect(line).toMatch(
        /^[a-z_]+(\{([a-z_]+="[^"\n]*",?)*\})? [-+0-9.eNaInf]+( # \{trace_id="[0-9a-f]{32}"\} .*)?$/,
      );
    }
  });

  it('answers 404 and 405 to what it does not serve', async () => {
    await using management = await startManagement();
    expect((await fetch(`${management.url}/`)).status).toBe(404);
    expect((await fetch(`${management.url}/metrics`, { method: 'POST' })).status).toBe(405);
    expect((await fetch(`${management.url}/healthz?x=1`)).status).toBe(200);
  });

  it('says host and port when it cannot listen', async () => {
    await using other = await serve(() => undefined);
    await using own = await testTelemetry();
    const server = createManagementServer({ telemetry: own.telemetry, port: other.port });
    await expect(server.listen()).rejects.toThrow(
      `expected to listen on 127.0.0.1:${other.port}: listen EADDRINUSE`,
    );
  });
});

describe('/metrics of a loop that was blocked when the scrape came', () => {
  it('reports the delay that the scrape waited for', async () => {
    const service = { name: 'test-service', version: '1.2.3', instanceId: 'watched', environment: 'test' };
    const telemetry = createTelemetry({ service, log: { stdout: false } });
    const server = createManagementServer({ telemetry, port: 0 });
    const port = await server.listen();
    try {
      // The second scrape is the first with a delay to measure from.
      await fetch(`http://127.0.0.1:${port}/metrics`);
      const delay = monitorEventLoopDelay({ resolution: 10 });
      delay.enable();
      await eventually('the loop to be watched', () => delay.count > 5);
      const socket = connect(port, '127.0.0.1');
      await once(socket, 'connect');
      const answer = text(socket);
      setTimeout(() => {
        socket.write('GET /metrics HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n');
        const end = performance.now() + 300;
        while (performance.now() < end);
      }, 5);
      const longest = /^nodejs_eventloop_lag_max_seconds (\S+)$/m.exec(await answer)?.[1];
      expect(Number(longest)).toBeGreaterThan(0.2);
    } finally {
      await server.close();
      await telemetry.shutdown();
    }
  });
});

describe('readiness', () => {
  it('is 200 when every check resolves', async () => {
    await using management = await startManagement({
      readiness: { database: async () => 1, queue: async () => 2 },
    });
    const response = await fetch(`${management.url}/readyz`);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      status: 'ready',
      failed: [],
      checks: { database: { status: 'ok' } },
    });
  });

  it('is 503 and names the check that rejects, throws or takes too long', async () => {
    await using management = await startManagement({
      readinessTimeoutMs: 20,
      readiness: {
        fine: async () => true,
        rejects: async () => Promise.reject(new Error('connect to postgres://u:hunter2@db failed')),
        throws: () => {
          throw new Error('at once');
        },
        hangs: () => new Promise(() => undefined),
      },
    });
    const response = await fetch(`${management.url}/readyz`);
    expect(response.status).toBe(503);
    const body = await response.json();
    expect(body).toMatchObject({
      status: 'not ready',
      failed: ['rejects', 'throws', 'hangs'],
      checks: {
        fine: { status: 'ok' },
        throws: { error: 'Error: at once' },
        hangs: { error: 'Error: no answer within 20 ms' },
      },
    });
    expect(JSON.stringify(body)).not.toContain('hunter2');
  });

  it('leaves out the checks that are excluded, and refuses a name that it does not have', async () => {
    await using management = await startManagement({
      readiness: { database: () => Promise.reject(new Error('gone')), start: async () => 1 },
    });
    const status = async (query: string) => (await fetch(`${management.url}/readyz${query}`)).status;
    expect(await status('')).toBe(503);
    expect(await status('?exclude=start')).toBe(503);
    expect(await status('?exclude=database')).toBe(200);
    const refused = await fetch(`${management.url}/readyz?exclude=databse&exclude=start`);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toEqual({
      error: 'exclude: expected names of checks (database, start), got databse',
    });
    management.setReady(false);
    expect(await status('?exclude=database')).toBe(503);
  });

  it('is 503 while shutting down; health stays 200', async () => {
    await using management = await startManagement({ readiness: async () => true });
    management.setReady(false);
    expect((await fetch(`${management.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${management.url}/healthz`)).status).toBe(200);
  });
});

describe('/faults', () => {
  it('is 404 unless enabled, with or without token', async () => {
    await using management = await startManagement({}, ({ telemetry }) =>
      createFaults({ telemetry, enabled: false, token: TOKEN }),
    );
    expect((await management.faults('GET')).status).toBe(404);
    expect(
      (await management.faults('PUT', { fault: 'latency', milliseconds: 1, ttlSeconds: 1 })).status,
    ).toBe(404);
  });

  it('cannot be enabled without a decent token', async () => {
    await using own = await testTelemetry();
    expect(() => createFaults({ telemetry: own.telemetry, enabled: true, token: 'short' })).toThrow(
      /FAULTS_TOKEN/,
    );
  });

  it.each(['', 'wrong', `${TOKEN}x`, TOKEN.toUpperCase()])('is 401 with the token %j', async (token) => {
    await using management = await startManagement({}, enabled);
    expect((await management.faults('GET', undefined, token)).status).toBe(401);
  });

  it('sets, lists, replaces and clears', async () => {
    await using management = await startManagement({}, enabled);
    const set = await management.faults('PUT', { fault: 'latency', milliseconds: 5, ttlSeconds: 60 });
    expect(set).toMatchObject({
      status: 200,
      body: { fault: 'latency', milliseconds: 5, expiresAt: expect.any(String) },
    });
    await management.faults('PUT', { fault: 'latency', milliseconds: 7, ttlSeconds: 60 });
    await management.faults('PUT', { fault: 'latency', milliseconds: 9, route: '/a', ttlSeconds: 60 });
    expect((await management.faults('GET')).body['faults']).toMatchObject([
      { milliseconds: 7 },
      { milliseconds: 9 },
    ]);
    expect(await management.own.samples('faults_active{')).toContain('faults_active{fault="latency"} 1');
    await management.faults('DELETE');
    expect((await management.faults('GET')).body).toEqual({ faults: [] });
    expect(await management.own.samples('faults_active{')).toEqual([
      'faults_active{fault="error"} 0',
      'faults_active{fault="latency"} 0',
      'faults_active{fault="event_loop"} 0',
      'faults_active{fault="memory"} 0',
    ]);
  });

  it.each<[unknown, RegExp]>([
    ['{"fault":', /body: expected JSON/],
    ['[]', /expected an object/],
    [{}, /fault: expected one of error, latency, event_loop, memory, received nothing/],
    [{ fault: 'disk', ttlSeconds: 1 }, /fault: expected one of/],
    [{ fault: 'latency', milliseconds: 5 }, /ttlSeconds: expected a number from 1 to 3600, received nothing/],
    [{ fault: 'latency', milliseconds: 5, ttlSeconds: 0 }, /ttlSeconds/],
    [{ fault: 'latency', milliseconds: 5, ttlSeconds: 3601 }, /ttlSeconds/],
    [{ fault: 'latency', milliseconds: '5', ttlSeconds: 1 }, /milliseconds: expected a number/],
    [{ fault: 'error', ratio: 1.1, ttlSeconds: 1 }, /ratio: expected a number from 0 to 1, received 1.1/],
    [
      { fault: 'error', ratio: 1, statusCode: 200, ttlSeconds: 1 },
      /statusCode: expected a whole number from 400 to 599/,
    ],
    [{ fault: 'event_loop', millisecondsPerSecond: 1_000, ttlSeconds: 1 }, /millisecondsPerSecond/],
    [{ fault: 'memory', megabytesPerSecond: 1, maxMegabytes: 1e9, ttlSeconds: 1 }, /maxMegabytes/],
    [
      { fault: 'latency', milliseconds: 5, ttlSeconds: 1, route: 'tasks' },
      /route: expected a route template/,
    ],
    [
      { fault: 'latency', milliseconds: 5, ttlSeconds: 1, ratio: 1 },
      /ratio: not a field of the fault latency/,
    ],
    [`"${'x'.repeat(20_000)}"`, /at most 16384 bytes/],
  ])('refuses %j', async (body, message) => {
    await using management = await startManagement({}, enabled);
    const answer = await management.faults('PUT', body);
    expect(answer.status).toBe(400);
    expect(answer.body['error']).toMatch(message);
    expect((await management.faults('GET')).body).toEqual({ faults: [] });
  });
});

describe('a fault', () => {
  async function faultyApp(): Promise<
    AsyncDisposable & { own: TestTelemetry; faults: FaultController; get(path: string): Promise<number> }
  > {
    const own = await testTelemetry();
    const faults = enabled(own);
    const app = express();
    app.use(httpServerTelemetry({ telemetry: own.telemetry }));
    app.use(faults.middleware());
    app.get('/a/:id', (_request, response) => void response.send('a'));
    app.get('/b', (_request, response) => void response.send('b'));
    const served = await serve(app);
    return {
      own,
      faults,
      get: async (path) => (await fetch(served.url + path)).status,
      async [Symbol.asyncDispose]() {
        faults.clear();
        await served[Symbol.asyncDispose]();
        await own[Symbol.asyncDispose]();
      },
    };
  }

  it('of errors hits its share of requests, on its route only, and is labelled with that route', async () => {
    await using app = await faultyApp();
    app.faults.set({ fault: 'error', ratio: 0.5, statusCode: 503, route: '/a/:id', ttlSeconds: 60 });
    const statuses = await Promise.all(Array.from({ length: 200 }, () => app.get('/a/1')));
    const failed = statuses.filter((status) => status === 503).length;
    expect(failed).toBeGreaterThan(50);
    expect(failed).toBeLessThan(150);
    expect(await app.get('/b')).toBe(200);
    expect(await app.own.samples('http_requests_total{')).toContain(
      `http_requests_total{method="GET",route="/a/:id",status_code="503"} ${failed}`,
    );
  });

  it('of latency delays, and counts in the measured duration', async () => {
    await using app = await faultyApp();
    app.faults.set({ fault: 'latency', milliseconds: 60, ttlSeconds: 60 });
    const start = performance.now();
    expect(await app.get('/b')).toBe(200);
    expect(performance.now() - start).toBeGreaterThan(55);
    expect(await app.own.samples('http_request_duration_seconds_bucket{le="0.05"')).toEqual([
      'http_request_duration_seconds_bucket{le="0.05",method="GET",route="/b",status_code="200"} 0',
    ]);
  });

  it('expires by itself', async () => {
    await using app = await faultyApp();
    app.faults.set({ fault: 'error', ratio: 1, ttlSeconds: 1 });
    expect(await app.get('/b')).toBe(500);
    await eventually('it is gone', async () => (await app.get('/b')) === 200);
    expect(app.faults.active()).toEqual([]);
  });

  it('of the event loop makes it stand still', async () => {
    await using app = await faultyApp();
    const delay = monitorEventLoopDelay({ resolution: 5 });
    delay.enable();
    app.faults.set({ fault: 'event_loop', millisecondsPerSecond: 300, ttlSeconds: 60 });
    await eventually('a stall of 300 ms', () => delay.max > 250e6);
    delay.disable();
  });

  it('of memory keeps what it leaked up to its cap, and lets go at the end', async () => {
    await using app = await faultyApp();
    const before = process.memoryUsage().heapUsed;
    app.faults.set({ fault: 'memory', megabytesPerSecond: 100, maxMegabytes: 200, ttlSeconds: 60 });
    await eventually('100 MB are gone', () => process.memoryUsage().heapUsed - before > 100e6);
    app.faults.clear();
    expect(app.faults.active()).toEqual([]);
  });
});
