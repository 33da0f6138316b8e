import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { controlServer } from '../../src/tcp-proxy/control.ts';
import { TcpProxy } from '../../src/tcp-proxy/proxy.ts';
import { fateOf, toxicSchema } from '../../src/tcp-proxy/toxics.ts';

/** Echoes what it is sent. */
const upstream = createServer((socket) => {
  socket.on('error', () => undefined);
  socket.pipe(socket);
});
let proxy: TcpProxy;
let control: string;
const opened: Socket[] = [];
const closing: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  if (!upstream.listening) {
    upstream.listen(0, '127.0.0.1');
    await once(upstream, 'listening');
  }
  proxy = await TcpProxy.listen({ listenPort: 0, upstreamPort: (upstream.address() as AddressInfo).port });
  const server = controlServer('postgres', proxy).listen(0, '127.0.0.1');
  await once(server, 'listening');
  control = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closing.push(() => new Promise((resolve) => server.close(resolve)));
});

afterEach(async () => {
  for (const socket of opened.splice(0)) socket.destroy();
  await proxy[Symbol.asyncDispose]();
  for (const close of closing.splice(0)) await close();
});

async function open(): Promise<Socket> {
  const socket = connect(proxy.port, '127.0.0.1');
  opened.push(socket);
  // To be reset is what some of them are for.
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

/** What comes back for what is sent; undefined where the connection ends first. */
async function echo(socket: Socket, text: string): Promise<string | undefined> {
  const answer = new Promise<string | undefined>((resolve) => {
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
      if (received.length >= text.length) resolve(received);
    });
    socket.on('close', () => resolve(undefined));
    socket.on('error', () => resolve(undefined));
  });
  socket.write(text);
  return answer;
}

const set = (toxic: Record<string, unknown>) =>
  fetch(`${control}/proxies/postgres/toxics`, {
    method: 'POST',
    body: JSON.stringify({ name: 'lab-chaos', stream: 'downstream', toxicity: 1, ...toxic }),
  });

describe('the proxy', () => {
  test('passes bytes both ways, large ones too, in order', async () => {
    const text = Array.from({ length: 200_000 }, (_, index) => index).join(' ');
    expect(await echo(await open(), text)).toBe(text);
  });

  test('holds answers back by its latency, on connections that were open before', async () => {
    const socket = await open();
    expect((await set({ type: 'latency', attributes: { latency: 300, jitter: 0 } })).status).toBe(200);
    const began = performance.now();
    expect(await echo(socket, 'late')).toBe('late');
    expect(performance.now() - began).toBeGreaterThanOrEqual(295);
  });

  test('lets nothing overtake when a toxic is removed meanwhile', async () => {
    const socket = await open();
    await set({ type: 'latency', attributes: { latency: 300 } });
    const answer = echo(socket, 'first second');
    await fetch(`${control}/proxies/postgres/toxics/lab-chaos`, { method: 'DELETE' });
    socket.write(' third');
    expect(await answer).toMatch(/^first second/);
  });

  test('resets connections, open and new ones, until that is over', async () => {
    const before = await open();
    const ended = new Promise((resolve) => before.once('close', resolve));
    await set({ type: 'reset_peer', attributes: { timeout: 0 } });
    await ended;
    expect(await echo(await open(), 'hello')).toBeUndefined();
    expect((await fetch(`${control}/proxies/postgres/toxics/lab-chaos`, { method: 'DELETE' })).status).toBe(
      204,
    );
    expect(await echo(await open(), 'hello')).toBe('hello');
  });

  test('lets nothing pass under a timeout, and closes after it', async () => {
    await set({ type: 'timeout', attributes: { timeout: 50 } });
    expect(await echo(await open(), 'anybody?')).toBeUndefined();
  });

  test('refuses what is no toxic, and requests of a browser', async () => {
    expect((await set({ type: 'poison', attributes: {} })).status).toBe(400);
    expect((await set({ type: 'latency', attributes: { latency: -1 } })).status).toBe(400);
    const fromBrowser = await fetch(`${control}/reset`, {
      method: 'POST',
      headers: { origin: 'http://evil.example' },
    });
    expect(fromBrowser.status).toBe(403);
    expect(proxy.toxics).toEqual([]);
  });

  test('is cleared by a reset', async () => {
    await set({ type: 'latency', attributes: { latency: 10 } });
    await fetch(`${control}/reset`, { method: 'POST' });
    expect(proxy.toxics).toEqual([]);
  });
});

describe('toxics together', () => {
  const toxic = (value: unknown) => toxicSchema.parse(value);
  const slow = toxic({ name: 'a', type: 'latency', attributes: { latency: 100 } });
  const narrow = toxic({ name: 'b', type: 'bandwidth', attributes: { rate: 10 } });
  const cut = toxic({ name: 'c', type: 'timeout', attributes: { timeout: 0 } });

  test('add their delays; a kilobyte a second is a byte a millisecond', () => {
    expect(fateOf(1000, [slow, narrow], () => 0.5)).toEqual({ pass: true, afterMs: 200 });
  });

  test('stop where one stops', () => {
    expect(fateOf(10, [slow, cut])).toMatchObject({ pass: false, ends: 'nothing' });
  });

  test('spare connections by their toxicity', () => {
    expect(fateOf(10, [{ ...cut, toxicity: 0.5 }], () => 0.9)).toEqual({ pass: true, afterMs: 0 });
  });
});
