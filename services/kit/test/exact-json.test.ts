import { expect, it } from 'vitest';
import { exactWhole, parseExactJson } from '../src/index.ts';

it.each([
  ['9007199254740991', 9007199254740991],
  ['9007199254740992', 9007199254740992],
  ['9007199254740993', '9007199254740993'],
  ['-9223372036854775808', '-9223372036854775808'],
  ['9223372036854775807', '9223372036854775807'],
  ['1000000000000000000000', '1000000000000000000000'],
  ['1e30', 1e30],
  ['0.1234567890123456789', 0.12345678901234568],
  ['"9007199254740993"', '9007199254740993'],
  ['[1, {"a": 9007199254740993}]', [1, { a: '9007199254740993' }]],
  ['{"__proto__": 12345678901234567890}', JSON.parse('{"__proto__": "12345678901234567890"}')],
])('parses %s exactly', (text, value) => {
  expect(parseExactJson(text)).toEqual(value);
});

it('refuses what JSON.parse refuses', () => {
  expect(() => parseExactJson('{"a": 9007199254740993')).toThrow(SyntaxError);
});

it.each([2n ** 53n - 1n, 2n ** 53n + 1n, -(2n ** 63n), 2n ** 64n - 1n, 0n])(
  'writes %s with its own digits',
  (value) => {
    expect(String(exactWhole(value))).toBe(String(value));
  },
);
