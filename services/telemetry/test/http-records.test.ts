import { once } from 'node:events';
import { get } from 'node:http';
import { connect } from 'node:net';
import { eventually, serve } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { requestId, requestLogger } from '../src/index.ts';
import { taskApp } from './support/task-app.ts';
import { testTelemetry } from './support/telemetry.ts';

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

describe('x-request-id', () => {
  it.each([
    ['abcd1234', true],
    ['A.b_c-9'.padEnd(128, 'x'), true],
    ['short', false],
    ['x'.repeat(129), false],
    ['with space in it', false],
    ['quote"quote"quote', false],
    ['<script>alert(1)', false],
  ])('%s is taken over: %s; the answer carries the id in use', async (sent, taken) => {
    await using own = await testTelemetry();
    await using served = await serve(taskApp(own.telemetry));
    const response = await fetch(`${served.url}/api/v1/tasks/1`, { headers: { 'x-request-id': sent } });
    const id = response.headers.get('x-request-id');
    if (taken) expect(id).toBe(sent);
    else expect(id).toMatch(UUID);
    expect((await own.lines())[0]).toMatchObject({ 'http.request.id': id });
  });

  it('sent twice is not trusted', async () => {
    await using own = await testTelemetry();
    await using served = await serve(taskApp(own.telemetry));
    const call = get(`${served.url}/api/v1/tasks`, { headers: { 'x-request-id': ['abcd1234', 'efgh5678'] } });
    const [response] = await once(call, 'response');
    expect(response.headers['x-request-id']).toMatch(UUID);
    response.resume();
  });
});

describe('the access line', () => {
  it('is one line of ECS fields a request, without secrets of the query string', async () => {
    await using own = await testTelemetry();
    await using served = await serve(taskApp(own.telemetry));
    const response = await fetch(`${served.url}/api/v1/tasks/42?token=hunter2&q=a%22b&pass%77ord=hunter2`, {
      headers: { 'user-agent': 'test "agent"', 'x-forwarded-for': '6.6.6.6, 203.0.113.9' },
    });
    const body = await response.text();
    const lines = await eventually('the line', async () => {
      const all = await own.lines();
      return all.length > 0 ? all : undefined;
    });
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({
      'log.level': 'info',
      message: 'GET /api/v1/tasks/:id 200',
      'service.name': 'test-service',
      'service.version': '1.2.3',
      'event.sequence': 1,
      'event.action': 'http_request',
      'http.request.method': 'GET',
      'http.route': '/api/v1/tasks/:id',
      'url.path': '/api/v1/tasks/42',
      'url.query': 'token=[redacted]&q=a%22b&pass%77ord=[redacted]',
      'http.response.status_code': 200,
      'http.response.body.bytes': body.length,
      'client.ip': '203.0.113.9',
      'user_agent.original': 'test "agent"',
    });
    expect(lines[0]?.['service.instance.id']).toMatch(/^instance-/);
    expect(lines[0]?.['@timestamp']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(lines[0]?.['event.duration']).toSatisfy((value) => Number.isInteger(value) && Number(value) > 0);
    expect(JSON.stringify(lines)).not.toContain('hunter2');
  });

  it('stays valid JSON whatever path, agent and method are sent', async () => {
    await using own = await testTelemetry();
    await using served = await serve(taskApp(own.telemetry));
    const socket = connect(served.port, '127.0.0.1');
    const path = `/${'"\\'}${'x'.repeat(5_000)}?${'"\\'.repeat(50)}`;
    socket.write(
      Buffer.from(`GET ${path} HTTP/1.1\r\nhost: x\r\nuser-agent: \t"\\ \u00ff\r\n\r\n`, 'latin1'),
    );
    await once(socket, 'data');
    socket.destroy();
    const [line] = await eventually('the line', async () => {
      const all = await own.lines();
      return all.length > 0 ? all : undefined;
    });
    expect(line).toMatchObject({ 'http.route': 'unmatched', 'http.response.status_code': 404 });
    expect(String(line?.['url.path'])).toMatch(/^\/"\\.*truncated/);
  });

  it('tells the size of chunked answers by what went over the socket', async () => {
    await using own = await testTelemetry();
    await using served = await serve(taskApp(own.telemetry));
    await (await fetch(`${served.url}/api/v1/tasks/1/chunks`)).text();
    const [line] = await own.lines();
    expect(line?.['http.response.bytes']).toBeGreaterThan('first second'.length);
  });

  it('is an error for a 5xx', async () => {
    await using own = await testTelemetry();
    await using served = await serve(taskApp(own.telemetry));
    await (await fetch(`${served.url}/api/v1/tasks/1/throws`)).text();
    expect((await own.lines())[0]).toMatchObject({ 'log.level': 'error', 'http.response.status_code': 500 });
  });
});

describe('the request-scoped logger', () => {
  it('carries the request id through awaits and callbacks, by request.log and by requestLogger()', async () => {
    await using own = await testTelemetry();
    const app = taskApp(own.telemetry, (prepared) => {
      prepared.get('/scoped', async (request, response) => {
        request.log.info('by request');
        await new Promise((resolve) => setTimeout(resolve, 1));
        requestLogger().child({ 'task.id': 5 }).info('by context');
        response.json({ id: requestId(), same: request.requestId });
      });
    });
    await using served = await serve(app);
    const answers = await Promise.all(
      Array.from({ length: 20 }, async () => {
        const response = await fetch(`${served.url}/scoped`);
        const body = (await response.json()) as { id: string; same: string };
        expect(body.id).toBe(response.headers.get('x-request-id'));
        expect(body.same).toBe(body.id);
        return body.id;
      }),
    );
    const lines = await own.lines();
    for (const id of answers) {
      const own = lines.filter((line) => line['http.request.id'] === id).map(({ message }) => message);
      expect(own).toEqual(['by request', 'by context', 'GET /scoped 200']);
    }
    expect(requestId()).toBeUndefined();
  });
});
