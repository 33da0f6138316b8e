import { once } from 'node:events';
import { createServer } from 'node:net';
import { freePort } from '@lab/testing';
import { describe, expect, it } from 'vitest';
import { portOwner } from '../src/ports/port-owner.ts';
import { cureOf, problemOf, takenPorts } from '../src/ports/taken-ports.ts';

describe('ports', () => {
  it.each(['127.0.0.1', '0.0.0.0', '::'])(
    'taken on %s are named with their owner and what to do',
    async (host) => {
      const server = createServer().listen({ port: 0, host });
      await once(server, 'listening');
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      try {
        const [taken, ...others] = await takenPorts([
          ['WEB_PORT', port],
          ['API_PORT', await freePort()],
        ]);
        expect(others).toEqual([]);
        expect(taken).toMatchObject({ variable: 'WEB_PORT', port, pid: process.pid });
        if (!taken) throw new Error('expected a taken port');
        expect(problemOf(taken)).toContain(`port ${port} (WEB_PORT) is taken by`);
        expect(problemOf(taken)).toContain(`(pid ${process.pid})`);
        expect(cureOf(taken)).toBe('stop it, or set WEB_PORT in .env to a free port');
      } finally {
        server.close();
      }
    },
  );

  it('that nobody has, have no owner', async () => {
    expect(portOwner(await freePort())).toBeUndefined();
  });
});
