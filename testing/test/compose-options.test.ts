import { once } from 'node:events';
import { createServer } from 'node:net';
import { networkInterfaces } from 'node:os';
import { describe, expect, it } from 'vitest';
import { readOptions, USUAL } from '../compose/options.ts';
import { openBeyondLoopback } from '../compose/proofs/beyond-loopback.ts';

describe('options of make test-compose', () => {
  it('are everything usual, in full numbers, unless something else is said', () => {
    expect(readOptions([])).toEqual({
      groups: USUAL,
      lines: 200_000,
      writes: 10_000,
      whole: true,
      soakMs: 0,
      chaos: undefined,
      patience: undefined,
      restartEngine: undefined,
    });
  });

  it.each([['--quick'], ['--only', 'walls,signals'], ['--lines', '1000'], ['--writes', '0']])(
    '%s publishes nothing: it counts less than what is published',
    (...args) => {
      expect(readOptions(args).whole).toBe(false);
    },
  );

  it('keep the order of the groups, whatever order they are asked for in', () => {
    expect(readOptions(['--only', 'walls,signals']).groups).toEqual(['signals', 'walls']);
  });

  it('take a soak by its duration', () => {
    expect(readOptions(['--soak', '30m']).soakMs).toBe(1_800_000);
  });

  it.each([
    [['--only', 'chaos'], '--only chaos: expected some of signals, walls'],
    [['--quick', '--only', 'walls'], '--quick and --only exclude each other'],
    [['--lines=-1'], '--lines -1: expected a whole number'],
    [['--writes', 'many'], '--writes many: expected a whole number'],
    [['--soak', 'long'], '--soak long: expected a duration such as 30m'],
    [['--soak', '0s'], '--soak 0s: expected a duration'],
    [['--fast'], '--fast'],
  ])('%o is refused', (args, words) => {
    expect(() => readOptions(args)).toThrow(words);
  });
});

const outside = Object.values(networkInterfaces()).some((found) => found?.some(({ internal }) => !internal));

describe.runIf(outside)('connections by the addresses of this machine beyond loopback', () => {
  it.each([
    ['127.0.0.1', 0],
    ['0.0.0.0', 1],
  ])('to a program that listens on %s: at least %i of them open', async (host, atLeast) => {
    const server = createServer((socket) => socket.destroy()).listen(0, host);
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    const { tried, refused, open } = await openBeyondLoopback([port]);
    server.close();
    expect(tried).toBeGreaterThan(0);
    if (atLeast === 0) expect({ refused, open }).toEqual({ refused: tried, open: [] });
    else expect(open.length).toBeGreaterThanOrEqual(atLeast);
  });
});
