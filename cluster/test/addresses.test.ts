import { expect, it } from 'vitest';
import { chooseLink } from '../src/network/addresses.ts';

it('gives two checkouts links that do not overlap', () => {
  const one = chooseLink('6df1b3ff', []);
  const other = chooseLink('6df1b400', []);
  expect(one).toEqual({ host: '198.18.207.253', node: '198.18.207.254', prefixLength: 30 });
  expect(other.host).not.toBe(one.host);
});

it.each([
  ['the same network', '198.18.207.252/30'],
  ['one address of it', '198.18.207.254'],
  ['a larger network around it', '198.18.192.0/19'],
])('takes the next free link where the machine knows %s', (_, taken) => {
  const link = chooseLink('6df1b3ff', [taken, '192.0.2.0/24']);
  expect(link.host).not.toBe('198.18.207.253');
  expect(link.host).toMatch(/^198\.1[89]\./);
});

it('begins anew at the front of the range when its end is taken', () => {
  const atTheEnd = (2 ** 15 - 1).toString(16).padStart(8, '0');
  expect(chooseLink(atTheEnd, []).node).toBe('198.19.255.254');
  expect(chooseLink(atTheEnd, ['198.19.255.252/30']).node).toBe('198.18.0.2');
});

it('says so where every link is taken', () => {
  expect(() => chooseLink('00000000', ['198.18.0.0/15'])).toThrow('this machine uses them all');
});
