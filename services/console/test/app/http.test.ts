import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { address, getJson, REQUESTED_WITH, sendJson } from '../../src/app/api/http.ts';
import { REQUESTED_WITH_HEADER, REQUESTED_WITH_VALUE } from '../../src/contract/problem.ts';

describe('address', () => {
  it('leaves out what is undefined or empty and repeats lists', () => {
    expect(address('/api/traces', { service: '', error: undefined, limit: 20, tag: ['a=b', 'c=d e'] })).toBe(
      '/api/traces?limit=20&tag=a%3Db&tag=c%3Dd+e',
    );
  });
});

it('sends the header that the contract asks of state-changing requests', () => {
  expect(REQUESTED_WITH).toEqual({ header: REQUESTED_WITH_HEADER, value: REQUESTED_WITH_VALUE });
});

/** Cuts the connection of the first requests, as a browser does when the machine's network changes. */
async function serverThatCuts(first: number) {
  const seen: string[] = [];
  const server = createServer((request, response) => {
    seen.push(request.method ?? '');
    if (seen.length <= first) request.socket.destroy();
    else response.setHeader('content-type', 'application/json').end('{"ok":true}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    seen,
    url: `http://127.0.0.1:${port}/api/x`,
    [Symbol.asyncDispose]: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

describe('a request that got no answer at all', () => {
  const { signal } = new AbortController();
  it('is read once more', async () => {
    await using server = await serverThatCuts(1);
    await expect(getJson(server.url, signal)).resolves.toEqual({ ok: true });
    expect(server.seen).toEqual(['GET', 'GET']);
  });
  it('is a failure when the second try gets none either', async () => {
    await using server = await serverThatCuts(2);
    await expect(getJson(server.url, signal)).rejects.toMatchObject({ name: 'ApiError', status: 0 });
    expect(server.seen).toEqual(['GET', 'GET']);
  });
  it('is never sent twice when it changes something', async () => {
    await using server = await serverThatCuts(1);
    await expect(sendJson('POST', server.url, {})).rejects.toMatchObject({ name: 'ApiError', status: 0 });
    expect(server.seen).toEqual(['POST']);
  });
});
