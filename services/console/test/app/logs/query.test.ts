import { describe, expect, it } from 'vitest';
import { asksForOwnLines, quoteValue, withoutOwnLines, withTerm } from '../../../src/app/logs/query.ts';
import { matches } from '../../../src/store/query/evaluate.ts';
import { parseQuery } from '../../../src/store/query/parse.ts';

const candidate = (fields: Record<string, string | number | boolean>) => ({
  fields,
  level: 'info',
  service: 'taskmanager-api',
});

describe('a term from a click, read by the server’s own parser', () => {
  const values = [
    '/api/v1/tasks',
    '/api/*',
    'a b',
    'say "no"',
    'back\\slash',
    '(x)',
    'AND',
    'NOT',
    'a:b',
    '<script>alert(1)</script>',
    '>=5',
    'Ünïcödé 日本',
    '500',
    'x\ty',
  ];
  it.each(values)('finds the record that holds %j and leaves others out', (value) => {
    const query = parseQuery(withTerm('', 'some.field', value));
    expect(matches(query, candidate({ 'some.field': value }))).toBe(true);
    expect(matches(query, candidate({ 'some.field': `${value} else` }))).toBe(false);
  });
  it.each(values)('leaves the record that holds %j out when negated', (value) => {
    const query = parseQuery(withTerm('', 'some.field', value, true));
    expect(matches(query, candidate({ 'some.field': value }))).toBe(false);
    expect(matches(query, candidate({ other: 'x' }))).toBe(true);
  });
  it('finds numbers and booleans', () => {
    expect(
      matches(
        parseQuery(withTerm('', 'http.response.status_code', 503)),
        candidate({ 'http.response.status_code': 503 }),
      ),
    ).toBe(true);
    expect(matches(parseQuery(withTerm('', 'flag', true)), candidate({ flag: true }))).toBe(true);
  });
});

describe('adding to a query', () => {
  it('keeps the meaning of an OR', () => {
    const query = parseQuery(withTerm('a:1 OR b:2', 'c', '3'));
    expect(matches(query, candidate({ a: '1' }))).toBe(false);
    expect(matches(query, candidate({ a: '1', c: '3' }))).toBe(true);
  });
  it('adds a term once and turns its opposite around', () => {
    expect(withTerm('timeout a:b', 'a', 'b')).toBe('timeout a:b');
    expect(withTerm('timeout a:b', 'a', 'b', true)).toBe('timeout NOT a:b');
    expect(withTerm('NOT a:b', 'a', 'b')).toBe('a:b');
  });
  it('does not tear quoted text apart', () => {
    expect(withTerm('"a OR b" x:"y z"', 'x', 'y z')).toBe('"a OR b" x:"y z"');
  });
  it('quotes only what needs it', () => {
    expect([quoteValue('abc-1.2'), quoteValue('a b'), quoteValue('a"b')]).toEqual([
      'abc-1.2',
      '"a b"',
      '"a\\"b"',
    ]);
  });
});

describe('the console’s own lines', () => {
  const own = { fields: { 'service.name': 'lab-console' }, level: 'info', service: 'lab-console' };
  it.each(['', 'timeout', 'a:1 OR service.name:lab*'])('are left out of %j', (query) => {
    expect(matches(parseQuery(withoutOwnLines(query)), own)).toBe(false);
  });
  it.each(['a OR', '(a', 'a)', '"a', 'NOT'])('do not make the broken query %j whole', (query) => {
    expect(() => parseQuery(query)).toThrow();
    expect(() => parseQuery(withoutOwnLines(query))).toThrow();
  });
  it('are wanted by whoever names the console', () => {
    expect(asksForOwnLines('service.name:lab-console', '')).toBe(true);
    expect(asksForOwnLines('', 'taskmanager-api,lab-console')).toBe(true);
    expect(asksForOwnLines('timeout', 'taskmanager-api')).toBe(false);
  });
});
