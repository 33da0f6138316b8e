import { describe, expect, test } from 'vitest';
import {
  ConfigError,
  flag,
  httpUrl,
  number,
  oneOf,
  port,
  postgresUrl,
  readSettings,
  type Setting,
  secret,
  text,
  wholeNumber,
} from '../src/index.ts';

describe('a kind of setting', () => {
  test.each<[string, Setting<unknown>, string, unknown]>([
    ['text', text('a path'), '/a path', '/a path'],
    ['secret', secret(4), 'four', 'four'],
    ['one of', oneOf(['lite', 'full']), 'full', 'full'],
    ['flag', flag, 'false', false],
    ['whole number', wholeNumber(1, 5), '5', 5],
    ['port', port, '0', 0],
    ['number', number(0, 1), '0.25', 0.25],
    ['number', number(0, 1), '1e-3', 0.001],
    ['http URL', httpUrl('http://x'), 'https://a:1/b', 'https://a:1/b'],
    ['Postgres URL', postgresUrl, 'postgresql://a:b@c:1/d', 'postgresql://a:b@c:1/d'],
  ])('%s takes %j as its value', (_, setting, given, value) => {
    expect(readSettings({ A: given }, { A: setting })).toEqual({ A: value });
  });

  test.each<[Setting<unknown>, string, string]>([
    [oneOf(['lite', 'full']), 'both', 'one of lite, full, got "both"'],
    [flag, 'yes', 'true or false, got "yes"'],
    [wholeNumber(1, 5), '0', 'a whole number from 1 to 5, got "0"'],
    [wholeNumber(1, 5), '2.5', 'a whole number from 1 to 5, got "2.5"'],
    [wholeNumber(1, 5, 'hours'), '1e1', 'hours from 1 to 5, got "1e1"'],
    [wholeNumber(0, 5), ' 1', 'a whole number from 0 to 5, got " 1"'],
    [port, '65536', 'a whole number from 0 to 65535, got "65536"'],
    [number(0, 1), '10%', 'a number from 0 to 1, got "10%"'],
    [number(0, 1), '-1', 'a number from 0 to 1, got "-1"'],
    [number(0, 1), '0x1', 'a number from 0 to 1, got "0x1"'],
    [httpUrl('http://x'), 'x:1', 'a base URL such as http://x, got "x:1"'],
    [httpUrl('http://x'), 'javascript:alert(1)', 'a base URL such as http://x, got "javascript:alert(1)"'],
    [secret(16), 'hidden', 'at least 16 characters, got a secret of 6 characters'],
    [
      postgresUrl,
      'mysql://u:hidden@h/d',
      'a URL of the form postgres://user:password@host:port/database, got a secret of 20 characters',
    ],
    [
      postgresUrl.optional(),
      'postgres://u:hidden@h',
      'a URL of the form postgres://user:password@host:port/database, got a secret of 21 characters',
    ],
    [text('a path'), '', 'a path, got nothing'],
  ])('%# refuses %j: expected %s', (setting, given, complaint) => {
    const read = () => readSettings({ A: given }, { A: setting });
    expect(read).toThrow(new ConfigError(`A: expected ${complaint}`));
    expect(read).not.toThrow(/hidden/);
  });
});

test('a variable that is not set, or set to nothing, has its default; one without a default must be set', () => {
  const settings = { A: port.or(80), B: text('a path').optional(), C: flag.or(false) };
  expect(readSettings({}, settings)).toEqual({ A: 80, B: undefined, C: false });
  expect(readSettings({ A: '', B: '', C: '' }, settings)).toEqual({ A: 80, B: undefined, C: false });
  expect(() => readSettings({}, { A: port })).toThrow(
    'A: expected a whole number from 0 to 65535, got nothing',
  );
});

test('all that is wrong is said at once, in the order of the settings, broken rules too', () => {
  const settings = { A: port, B: port.or(1), C: port.or(2), D: secret(4).optional() };
  const read = (env: Record<string, string>) =>
    readSettings(env, settings, ({ A = 0, B = 0, D }) => ({
      A: 'never said, for A has no value',
      B: B > A && 'at most A',
      C: false,
      D: D !== 'right' && 'the right one',
    }));
  expect(() => read({ A: 'x', C: 'y', D: 'hidden' })).toThrow(
    new ConfigError(
      [
        'A: expected a whole number from 0 to 65535, got "x"',
        'B: expected at most A, got nothing',
        'C: expected a whole number from 0 to 65535, got "y"',
        'D: expected the right one, got a secret of 6 characters',
      ].join('\n'),
    ),
  );
});
