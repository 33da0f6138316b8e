import { once } from 'node:events';
import { createServer } from 'node:net';
import { claimPorts, freePort } from '@lab/testing';
import { expect, test } from 'vitest';

test('a free port is given once, and is none that the system gives away by itself', async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(new Set(ports).size).toBe(50);
  expect(Math.max(...ports)).toBeLessThan(32_768);
});

test('ports that are claimed are free, and nobody else’s until they are given back', async () => {
  await using one = await claimPorts(39);
  await using other = await claimPorts(39);
  expect(new Set([...one.ports, ...other.ports]).size).toBe(78);
  for (const port of one.ports) {
    const server = createServer().listen(port, '127.0.0.1');
    await once(server, 'listening');
    server.close();
  }
});

test('more ports than a block holds are refused', async () => {
  await expect(claimPorts(40)).rejects.toThrow('expected less than 40 ports, received 40');
});
