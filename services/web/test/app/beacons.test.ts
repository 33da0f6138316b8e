import { expect, test, vi } from 'vitest';
import { createBeaconQueue } from '../../src/app/telemetry/beacon-queue.ts';
import { createErrorFilter, describeThrown } from '../../src/app/telemetry/error-report.ts';

test('a queue sends all it has as one body, and nothing when it has nothing', () => {
  const send = vi.fn();
  const queue = createBeaconQueue<number>({ capacity: 10, encode: (items) => ({ items }), send });
  queue.flush();
  queue.add(1);
  queue.add(2);
  queue.flush();
  queue.flush();
  expect(send.mock.calls).toEqual([[{ items: [1, 2] }]]);
});

test('a queue never holds more than its capacity', () => {
  const send = vi.fn();
  const queue = createBeaconQueue<number>({ capacity: 3, encode: (items) => items.length, send });
  for (let item = 0; item < 7; item += 1) queue.add(item);
  expect(send.mock.calls).toEqual([[3], [3]]);
});

test('a browser that refuses to send breaks nothing, and what it refused is gone', () => {
  const send = vi.fn(() => {
    throw new Error('no beacons here');
  });
  const queue = createBeaconQueue<number>({ capacity: 10, encode: (items) => items, send });
  queue.add(1);
  expect(() => queue.flush()).not.toThrow();
  queue.add(2);
  queue.flush();
  expect(send.mock.calls).toEqual([[[1]], [[2]]]);
});

test.each([
  [new TypeError('x is not a function'), 'TypeError: x is not a function'],
  ['thrown text', 'thrown text'],
  [undefined, 'undefined'],
  [Object.create(null), 'a value that cannot be shown'],
])('whatever is thrown can be reported (%#)', (thrown, message) => {
  expect(describeThrown('error', thrown, '/')).toMatchObject({ kind: 'error', message, route: '/' });
});

test('an error in a loop is reported once, and a page reports so many and no more', () => {
  const isNews = createErrorFilter(3);
  const report = (message: string) => isNews({ kind: 'error', message, route: '/' });
  expect([report('a'), report('a'), report('b'), report('c'), report('d')]).toEqual([
    true,
    false,
    true,
    true,
    false,
  ]);
});
