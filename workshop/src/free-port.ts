import { once } from 'node:events';
import { createServer } from 'node:net';

/** Finds TCP ports of 127.0.0.1 that nobody listens on: all are held until the last is found, so that none comes twice. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer().listen(0, '127.0.0.1'));
  await Promise.all(servers.map((server) => once(server, 'listening')));
  const addresses = servers.map((server) => server.address());
  await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
  return addresses.map((address) => {
    if (address === null || typeof address === 'string') throw new Error('expected a TCP address');
    return address.port;
  });
}
