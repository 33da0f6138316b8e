import { once } from 'node:events';
import { createServer } from 'node:http';
import { serve } from '@lab/testing';
import express from 'express';
import { expect, test } from 'vitest';
import {
  bearerCheck,
  ConfigError,
  isSameOrigin,
  listen,
  pageHeaders,
  StartError,
  sendProblem,
} from '../src/index.ts';

test('listen returns the port, and says whether another program has it or the address cannot be ours', async () => {
  const server = createServer();
  const port = await listen(server, '127.0.0.1', 0);
  try {
    expect(port).toBeGreaterThan(0);
    const taken = await listen(createServer(), '127.0.0.1', port).catch((error: unknown) => error);
    expect(taken).toBeInstanceOf(StartError);
    expect(taken).not.toBeInstanceOf(ConfigError);
    expect(taken).toMatchObject({
      message: expect.stringMatching(`^expected to listen on 127.0.0.1:${port}: .*EADDRINUSE`),
      cause: expect.objectContaining({ code: 'EADDRINUSE' }),
    });
    await expect(listen(createServer(), '192.0.2.1', 80)).rejects.toThrow(ConfigError);
  } finally {
    server.close();
    await once(server, 'close');
  }
});

test('a problem is answered as RFC 9457 has it, without the members that are undefined', async () => {
  const app = express();
  app.get('/', (_request, response) =>
    sendProblem(
      response,
      { title: 'Busy', status: 503, detail: undefined, code: 'busy' },
      { 'Retry-After': '2' },
    ),
  );
  app.get('/typed', (_request, response) =>
    sendProblem(response, { type: 'urn:x', title: 'Wrong', status: 400, detail: 'why' }),
  );
  await using served = await serve(app);
  const busy = await fetch(served.url);
  expect(busy.status).toBe(503);
  expect(Object.fromEntries(busy.headers)).toMatchObject({
    'content-type': 'application/problem+json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'retry-after': '2',
  });
  expect(await busy.json()).toEqual({ type: 'about:blank', title: 'Busy', status: 503, code: 'busy' });
  expect(await (await fetch(`${served.url}/typed`)).json()).toEqual({
    type: 'urn:x',
    title: 'Wrong',
    status: 400,
    detail: 'why',
  });
});

test('pages may load what is their own, and nothing else', async () => {
  const app = express().use(pageHeaders());
  app.get('/', (_request, response) => void response.send('a page'));
  await using served = await serve(app);
  const { headers } = await fetch(served.url);
  expect(headers.get('content-security-policy')).toMatch(/^default-src 'none';script-src 'self';/);
  expect(headers.get('x-frame-options')).toBe('DENY');
  expect(headers.get('strict-transport-security')).toBeNull();
});

test.each([
  [{}, true],
  [{ 'sec-fetch-site': 'same-origin', origin: 'http://lab:8000' }, true],
  [{ 'sec-fetch-site': 'same-site' }, false],
  [{ 'sec-fetch-site': 'none' }, false],
  [{ origin: 'http://lab:8000' }, true],
  [{ origin: 'http://lab:8001' }, false],
  [{ origin: 'null' }, false],
])('%j comes from our own pages: %s', (headers, own) => {
  expect(isSameOrigin(headers, 'lab:8000')).toBe(own);
});

test.each([
  ['a-token', 'Bearer a-token', true],
  ['a-token', 'bearer a-token', true],
  ['a-token', 'Bearer another', false],
  ['a-token', 'Basic a-token', false],
  ['a-token', undefined, false],
  ['', 'Bearer ', false],
  [undefined, 'Bearer undefined', false],
])('the token %j is carried by %j: %s', (token, header, carried) => {
  expect(bearerCheck(token)(header)).toBe(carried);
});
