import { once } from 'node:events';
import { Agent, request as httpRequest, type IncomingHttpHeaders } from 'node:http';
import { connect, createServer as createTcpServer } from 'node:net';
import { pipeline } from 'node:stream/promises';
import { eventually, freePort } from '@lab/testing';
import { request } from 'undici';
import { expect, test } from 'vitest';
import { startUpstream, startWebServer } from '../support/web-server.ts';

test('method, path, query, headers and bodies pass both ways, as they are', async () => {
  await using upstream = await startUpstream(async (incoming, response) => {
    const body = await Array.fromAsync(incoming);
    response.writeHead(201, {
      etag: '"1"',
      location: '/api/v1/tasks/1',
      'set-cookie': ['a=1; HttpOnly', 'b=2'],
      'content-type': 'text/plain',
    });
    response.end(`${incoming.method} ${incoming.url} ${incoming.headers['if-match']} ${Buffer.concat(body)}`);
  });
  await using web = await startWebServer({ apiUrl: upstream.url });
  const response = await request(`${web.url}/api/v1/tasks?q=%20a%26b&q=2`, {
    method: 'PATCH',
    headers: { 'if-match': '"7"', 'content-type': 'application/json' },
    body: '{"title":"é"}',
  });
  expect(response.statusCode).toBe(201);
  expect(response.headers).toMatchObject({
    etag: '"1"',
    location: '/api/v1/tasks/1',
    'set-cookie': ['a=1; HttpOnly', 'b=2'],
  });
  expect(await response.body.text()).toBe('PATCH /api/v1/tasks?q=%20a%26b&q=2 "7" {"title":"é"}');
});

test('headers of one hop stay there, and nobody can pretend to be somebody else', async () => {
  let seen: IncomingHttpHeaders = {};
  await using upstream = await startUpstream((incoming, response) => {
    seen = incoming.headers;
    response.writeHead(200, {
      connection: 'close, x-private',
      'x-private': '1',
      'proxy-authenticate': 'Basic',
      'x-public': '1',
    });
    response.end('ok');
  });
  await using web = await startWebServer({ apiUrl: upstream.url });
  const response = await rawRequest(web.port, [
    'GET /api/v1/tasks HTTP/1.1',
    'Host: tasks.example:8080',
    'Connection: close, X-Secret-Hop',
    'X-Secret-Hop: 1',
    'Proxy-Authorization: Basic eA==',
    'TE: trailers',
    'Expect: 100-continue',
    'X-Forwarded-For: 6.6.6.6',
    'X-Forwarded-Host: evil.example',
    'X-Forwarded-Proto: https',
    'Forwarded: for=6.6.6.6',
    'X-Real-IP: 6.6.6.6',
    'Cookie: taskmanager.sid=abc',
  ]);
  expect(response).toContain('x-public: 1');
  expect(response).not.toMatch(/x-private|proxy-authenticate/i);
  expect(seen).toMatchObject({
    cookie: 'taskmanager.sid=abc',
    'x-forwarded-for': '127.0.0.1',
    'x-forwarded-host': 'tasks.example:8080',
    'x-forwarded-proto': 'http',
  });
  for (const name of ['x-secret-hop', 'proxy-authorization', 'te', 'expect', 'forwarded', 'x-real-ip']) {
    expect(seen[name], name).toBeUndefined();
  }
});

test('behind a trusted proxy its word on the client counts', async () => {
  let seen: IncomingHttpHeaders = {};
  await using upstream = await startUpstream((incoming, response) => {
    seen = incoming.headers;
    response.end();
  });
  await using web = await startWebServer({ apiUrl: upstream.url, trustedProxies: 1 });
  const headers = {
    'x-forwarded-for': '6.6.6.6, 192.0.2.7',
    'x-forwarded-host': 'tasks.example',
    'x-forwarded-proto': 'https',
  };
  await (await fetch(`${web.url}/api/v1/tasks`, { headers })).arrayBuffer();
  expect(seen).toMatchObject({
    'x-forwarded-for': '192.0.2.7',
    'x-forwarded-host': 'tasks.example',
    'x-forwarded-proto': 'https',
  });
});

test('one request id from client to API and back, a sane one taken over', async () => {
  const seen: unknown[] = [];
  await using upstream = await startUpstream((incoming, response) => {
    seen.push(incoming.headers['x-request-id']);
    response.end();
  });
  await using web = await startWebServer({ apiUrl: upstream.url });
  for (const sent of ['from-the-browser-1', 'in"sane']) {
    const response = await fetch(`${web.url}/api/v1/tasks`, { headers: { 'x-request-id': sent } });
    await response.arrayBuffer();
    expect(response.headers.get('x-request-id')).toBe(seen.at(-1));
  }
  expect(seen[0]).toBe('from-the-browser-1');
  expect(seen[1]).toMatch(/^[0-9a-f-]{36}$/);
});

test('an answer arrives as it is made, not when it is complete', async () => {
  const finish = Promise.withResolvers<void>();
  await using upstream = await startUpstream(async (_incoming, response) => {
    response.write('first');
    await finish.promise;
    response.end('second');
  });
  await using web = await startWebServer({ apiUrl: upstream.url });
  const response = await fetch(`${web.url}/api/v1/stream`);
  const reader = response.body?.pipeThrough(new TextDecoderStream()).getReader();
  expect((await reader?.read())?.value).toBe('first');
  finish.resolve();
  expect((await reader?.read())?.value).toBe('second');
});

test('a request body arrives as it is sent, not when it is complete', async () => {
  const arrived = Promise.withResolvers<string>();
  await using upstream = await startUpstream((incoming, response) => {
    incoming.setEncoding('utf8');
    incoming.once('data', (chunk: string) => arrived.resolve(chunk));
    incoming.resume().once('end', () => response.end('done'));
  });
  await using web = await startWebServer({ apiUrl: upstream.url });
  const upload = httpRequest(`${web.url}/api/v1/upload`, { method: 'POST' });
  upload.write('first');
  expect(await arrived.promise).toBe('first');
  upload.end('second');
  const [response] = await once(upload, 'response');
  expect(response.statusCode).toBe(200);
  response.resume();
});

test('a client that does not read holds up the API, not the memory of the proxy', async () => {
  const chunk = Buffer.alloc(1024 * 1024);
  const total = 200;
  let written = 0;
  async function* chunks() {
    for (; written < total; written += 1) yield chunk;
  }
  await using upstream = await startUpstream((_incoming, response) => {
    pipeline(chunks(), response).catch(() => {});
  });
  await using web = await startWebServer({ apiUrl: upstream.url });
  const client = httpRequest(`${web.url}/api/v1/big`).end();
  const [response] = await once(client, 'response');
  let before = -1;
  await eventually(
    'the API to be held up',
    () => {
      const still = written === before && written > 0;
      before = written;
      return still;
    },
    { everyMs: 300 },
  );
  expect(written).toBeLessThan(50);
  let read = 0;
  for await (const part of response) read += part.length;
  expect(read).toBe(total * chunk.length);
});

test('a body of 64 MB passes unharmed', async () => {
  const chunk = Buffer.alloc(64 * 1024, 'x');
  let received = 0;
  await using upstream = await startUpstream(async (incoming, response) => {
    for await (const part of incoming) received += part.length;
    response.end(String(received));
  });
  await using web = await startWebServer({ apiUrl: upstream.url });
  async function* body() {
    for (let index = 0; index < 1024; index += 1) yield chunk;
  }
  const response = await request(`${web.url}/api/v1/upload`, { method: 'POST', body: body() as never });
  expect(await response.body.text()).toBe(String(64 * 1024 * 1024));
});

test('a refusal before the body is through reaches the client, and the next request on its connection is served', async () => {
  await using upstream = await startUpstream((_incoming, response) => {
    response
      .writeHead(413, { 'content-type': 'application/problem+json' })
      .end('{"code":"payload_too_large"}');
  });
  await using web = await startWebServer({ apiUrl: upstream.url });
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  const statuses: number[] = [];
  for (let round = 0; round < 3; round += 1) {
    const upload = httpRequest(`${web.url}/api/v1/upload`, { method: 'POST', agent });
    upload.write(Buffer.alloc(100_000));
    const [response] = await once(upload, 'response');
    statuses.push(response.statusCode);
    response.resume();
    upload.end(Buffer.alloc(100_000));
    await once(response, 'end');
  }
  agent.destroy();
  expect(statuses).toEqual([413, 413, 413]);
  await eventually('three access lines', async () => {
    const lines = (await web.logLines()).filter((line) => line['event.action'] === 'http_request');
    return lines.length === 3 && lines.every((line) => line['http.response.status_code'] === 413);
  });
});

test.each(['before the answer', 'in the middle of the answer'])(
  'a client that leaves %s ends the request to the API',
  async (when) => {
    const begun = Promise.withResolvers<void>();
    const ended = Promise.withResolvers<void>();
    await using upstream = await startUpstream((_incoming, response) => {
      response.once('close', () => ended.resolve());
      if (when.startsWith('in')) response.write('half');
      begun.resolve();
    });
    await using web = await startWebServer({ apiUrl: upstream.url });
    const client = httpRequest(`${web.url}/api/v1/slow`).end();
    client.on('error', () => {});
    await begun.promise;
    if (when.startsWith('in')) {
      const [response] = await once(client, 'response');
      response.on('error', () => {});
      await once(response, 'data');
    }
    client.destroy();
    await ended.promise;
    const metrics = await eventually('the abort to be counted', async () => {
      const text = await web.metrics();
      return text.includes('status_code="499"') && text;
    });
    expect(metrics).toContain('http_requests_total{method="GET",route="/api/*",status_code="499"} 1');
    expect((await web.logLines()).filter((line) => line['event.action'] === 'proxy-failure')).toEqual([]);
  },
);

test('a client that leaves in the middle of its upload ends the request to the API', async () => {
  const ended = Promise.withResolvers<void>();
  await using upstream = await startUpstream((incoming) => {
    incoming.on('error', () => {});
    incoming.once('close', () => ended.resolve());
    incoming.once('data', () => upload.destroy());
  });
  await using web = await startWebServer({ apiUrl: upstream.url });
  const upload = httpRequest(`${web.url}/api/v1/upload`, { method: 'POST' });
  upload.on('error', () => {});
  upload.write('first');
  await ended.promise;
});

test('an API that is down is a problem with the request id, at once', async () => {
  await using web = await startWebServer({ apiUrl: `http://127.0.0.1:${await freePort()}` });
  const response = await fetch(`${web.url}/api/v1/tasks`, { headers: { 'x-request-id': 'quote-me-12345' } });
  expect(response.status).toBe(503);
  expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  expect(response.headers.get('retry-after')).toBe('1');
  expect(await response.json()).toMatchObject({
    status: 503,
    code: 'api_unavailable',
    requestId: 'quote-me-12345',
  });
  await web.logged(
    (line) => line['http.request.id'] === 'quote-me-12345' && line['event.action'] === 'proxy-failure',
  );
});

test('an API that takes the request and says nothing is given up', async () => {
  await using upstream = await startUpstream(() => {});
  await using web = await startWebServer({ apiUrl: upstream.url, answerTimeout: 200 });
  const response = await fetch(`${web.url}/api/v1/tasks`);
  expect(response.status).toBe(504);
  expect(await response.json()).toMatchObject({ code: 'api_timeout' });
});

test('an answer that breaks off is cut for the client too, never passed for complete', async () => {
  await using upstream = await startUpstream((_incoming, response) => {
    response.write('half of it');
    setImmediate(() => response.destroy());
  });
  await using web = await startWebServer({ apiUrl: upstream.url });
  const response = await fetch(`${web.url}/api/v1/tasks`);
  await expect(response.text()).rejects.toThrow();
  await web.logged(
    (line) => line['event.action'] === 'http_request' && line['http.response.status_code'] === 500,
  );
});

/** Answers the first request of each connection properly, and resets the connection at the second, as a race with its idle timeout would. */
async function startForgetful() {
  const requests: string[] = [];
  const server = createTcpServer((socket) => {
    let count = 0;
    socket.on('error', () => {});
    socket.on('data', (data) => {
      requests.push(data.toString().split(' ')[0] ?? '');
      count += 1;
      if (count === 1)
        socket.write('HTTP/1.1 200 OK\r\ncontent-length: 2\r\nconnection: keep-alive\r\n\r\nok');
      else socket.resetAndDestroy();
    });
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('expected a port');
  return {
    url: `http://127.0.0.1:${address.port}`,
    requests,
    [Symbol.asyncDispose]: async () => void server.close(),
  };
}

test('a read that met a closing connection is asked again, a write is not', async () => {
  await using upstream = await startForgetful();
  await using web = await startWebServer({ apiUrl: upstream.url });
  const ask = async (method: string) => {
    const response = await fetch(`${web.url}/api/v1/tasks`, { method });
    await response.arrayBuffer();
    return response.status;
  };
  expect(await ask('GET')).toBe(200);
  expect(await ask('GET')).toBe(200);
  expect(upstream.requests).toEqual(['GET', 'GET', 'GET']);
  expect(await ask('DELETE')).toBe(502);
  expect(upstream.requests).toEqual(['GET', 'GET', 'GET', 'DELETE']);
});

test('a request target with an origin of its own is refused', async () => {
  await using web = await startWebServer();
  const target = 'GET http://evil.example/api/v1/tasks HTTP/1.1';
  const response = await rawRequest(web.port, [target, 'Host: x', 'Connection: close']);
  expect(response).toContain('400 Bad Request');
});

/** Sends exactly these lines, which must ask for the connection to be closed; resolves with the whole answer. */
async function rawRequest(port: number, lines: string[]): Promise<string> {
  const socket = connect(port, '127.0.0.1').setEncoding('utf8');
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  const parts: string[] = await Array.fromAsync(socket);
  return parts.join('');
}
