import { createTestDatabase, eventually, startTcpProxy } from '@lab/testing';
import pg from 'pg';
import { expect, test } from 'vitest';
import { monitorDatabase } from '../src/database/monitor.ts';

test('a process that was busy for longer than the timeout does not take the database for dead', async () => {
  await using database = await createTestDatabase();
  const changes: (Error | undefined)[] = [];
  const monitor = monitorDatabase({
    connectionString: database.appUrl,
    everyMs: 1,
    timeoutMs: 1_000,
    onChange: (unavailable) => changes.push(unavailable),
  });
  try {
    await eventually('it is available', () => monitor.available);
    changes.length = 0;
    // Right after a look was sent and its timeout began; the answer comes in the meantime.
    using blocked = blockAfterSending('SELECT 1', { times: 3, ms: 1_300 });
    await eventually('it was busy three times', () => blocked.left === 0 && monitor.available);
    expect(changes).toEqual([]);
  } finally {
    await monitor.stop();
  }
});

test('a database that hangs is noticed, and so is that it goes on', async () => {
  await using database = await createTestDatabase();
  const url = new URL(database.appUrl);
  await using proxy = await startTcpProxy(Number(url.port));
  url.port = String(proxy.port);
  const changes: string[] = [];
  const monitor = monitorDatabase({
    connectionString: url.href,
    everyMs: 5,
    timeoutMs: 1_000,
    onChange: (unavailable) => changes.push(unavailable?.message ?? 'available'),
  });
  try {
    await eventually('it is available', () => monitor.available);
    changes.length = 0;
    proxy.stall();
    await eventually('it is noticed', () => !monitor.available);
    proxy.resume();
    await eventually('it is available again', () => monitor.available);
    expect(changes).toEqual(['the database did not answer within 1000 ms', 'available']);
  } finally {
    await monitor.stop();
  }
});

/** Blocks the event loop, without burning a processor that other tests share. */
function blockAfterSending(text: string, { times, ms }: { times: number; ms: number }) {
  const original = pg.Client.prototype.query;
  const state = {
    left: times,
    [Symbol.dispose]: () => Reflect.set(pg.Client.prototype, 'query', original),
  };
  Reflect.set(pg.Client.prototype, 'query', function query(this: pg.Client, ...parameters: unknown[]) {
    const result: unknown = Reflect.apply(original, this, parameters);
    if (parameters[0] === text && state.left > 0) {
      // In a phase of the loop after which timers come before sockets.
      setImmediate(() => {
        Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
        state.left -= 1;
      });
    }
    return result;
  });
  return state;
}
