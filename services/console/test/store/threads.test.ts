import { eventually } from '@lab/testing';
import { expect, test } from 'vitest';
import { Thread, ThreadBusyError, ThreadError, type ThreadOptions } from '../../src/store/threads/calls.ts';
import type { ExampleMethods } from '../support/example-thread.ts';

function example(over: Partial<ThreadOptions> = {}) {
  const deaths: Error[] = [];
  const events: unknown[] = [];
  const thread = new Thread<ExampleMethods>({
    module: new URL('../support/example-thread.ts', import.meta.url),
    name: 'example',
    data: undefined,
    heap: { young: 8, old: 64 },
    onEvent: (event) => events.push(event),
    onDeath: (error) => deaths.push(error),
    ...over,
  });
  return { thread, deaths, events, [Symbol.asyncDispose]: () => thread.close() };
}

test('calls are answered one after the other; events come beside them', async () => {
  await using it = example();
  expect(await Promise.all([1, 2, 3].map(() => it.thread.call('count', undefined)))).toEqual([1, 2, 3]);
  await it.thread.call('tell', { news: 1 });
  await eventually('the event is there', () => it.events.length > 0);
  expect(it.events).toEqual([{ news: 1 }]);
});

test('an error keeps its name, message and plain properties; the thread goes on', async () => {
  await using it = example();
  const error = await it.thread.call('fail', 'broken').catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ThreadError);
  expect(error).toMatchObject({ name: 'OddError', message: 'broken', details: { position: 7 } });
  await expect(it.thread.call('uncloneable', undefined)).rejects.toThrow('could not be cloned');
  await expect(it.thread.call('tell', () => undefined)).rejects.toThrow('could not be cloned');
  expect(await it.thread.call('count', undefined)).toBe(1);
});

test('a call given up while it waits is never begun; too many waiting are refused', async () => {
  await using it = example({ maxWaiting: 2 });
  const abort = new AbortController();
  const first = it.thread.call('wait', 200);
  const given = it.thread.call('count', undefined, { signal: abort.signal });
  const last = it.thread.call('count', undefined);
  await expect(it.thread.call('count', undefined)).rejects.toBeInstanceOf(ThreadBusyError);
  abort.abort(new Error('given up'));
  await expect(given).rejects.toThrow('given up');
  expect([await first, await last]).toEqual(['waited', 1]);
});

test('a thread without work ends and is started again when there is some', async () => {
  await using it = example({ idleMs: 30 });
  expect(await it.thread.call('count', undefined)).toBe(1);
  // A new life has forgotten the count; looking more seldom than it rests lets it rest.
  const isAnew = async () => (await it.thread.call('count', undefined)) === 1;
  await eventually('it was started again', isAnew, { everyMs: 60 });
  expect(it.deaths).toEqual([]);
});

test('a thread that dies fails what it was asked and what waits, once, and says so', async () => {
  await using it = example();
  const calls = [
    it.thread.call('die', undefined),
    it.thread.call('wait', 10_000),
    it.thread.call('count', undefined),
  ];
  const outcomes = await Promise.allSettled(calls);
  expect(outcomes.slice(1).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  await expect(it.thread.call('count', undefined)).rejects.toThrow('died on demand');
  expect(it.deaths.map(({ message }) => message)).toEqual(['died on demand']);
});
