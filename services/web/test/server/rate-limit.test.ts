import { expect, test } from 'vitest';
import { clientKey, createRateLimit } from '../../src/server/intake/rate-limit.ts';

test('a burst is spent, and comes back with time', () => {
  let time = 0;
  const limit = createRateLimit({ rate: 2, burst: 3, now: () => time });
  const take = (count: number) => Array.from({ length: count }, () => limit.take('a'));
  expect(take(4)).toEqual([true, true, true, false]);
  time = 500;
  expect(take(2)).toEqual([true, false]);
  time = 3_600_000;
  expect(take(4)).toEqual([true, true, true, false]);
});

test("one client's haste is not another's", () => {
  const limit = createRateLimit({ rate: 1, burst: 1, now: () => 0 });
  expect([limit.take('a'), limit.take('a'), limit.take('b')]).toEqual([true, false, true]);
});

test('of more clients than it remembers, the one longest unseen is forgotten', () => {
  const limit = createRateLimit({ rate: 1, burst: 1, clients: 2, now: () => 0 });
  for (const client of ['a', 'b', 'a', 'c']) limit.take(client);
  expect(limit.take('a')).toBe(false);
  expect(limit.take('b')).toBe(true);
});

test.each([
  ['192.0.2.7', '192.0.2.7'],
  ['::ffff:192.0.2.7', '::ffff:192.0.2.7'],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
  ['2001:db8:1:2::9', '2001:db8:1:2::/64'],
  ['2001:db8::9', '2001:db8:0:0::/64'],
  ['::1', '0:0:0:0::/64'],
  [undefined, ''],
])('%s counts as %s', (address, key) => {
  expect(clientKey(address)).toBe(key);
});
