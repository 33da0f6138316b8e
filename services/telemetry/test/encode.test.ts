import { describe, expect, it } from 'vitest';
import { encodeFields, MAX_RECORD_BYTES } from '../src/logging/encode.ts';

/** Encodes as a record would, and parses it back. */
function encoded(fields: object): Record<string, unknown> {
  const entries = [...encodeFields(fields, new Map())];
  return JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${value}`).join(',')}}`);
}

const hostileProxy = new Proxy(
  {},
  {
    ownKeys: () => {
      throw new Error('no keys');
    },
    get: () => {
      throw new Error('no get');
    },
    getPrototypeOf: () => {
      throw new Error('no prototype');
    },
  },
);

describe('encoding fields', () => {
  it('flattens objects to dotted keys and keeps arrays', () => {
    expect(
      encoded({ task: { id: 1, tags: ['a', { b: 2 }] }, when: new Date(0), none: null, gone: undefined }),
    ).toEqual({
      'task.id': 1,
      'task.tags': ['a', { b: 2 }],
      when: '1970-01-01T00:00:00.000Z',
      none: null,
    });
  });

  it('writes an Error as type, message, stack and cause, under whatever key it came', () => {
    const error = Object.assign(new TypeError('outer', { cause: new Error('inner') }), { code: 'E42' });
    expect(encoded({ problem: error })).toEqual({
      'error.type': 'TypeError',
      'error.message': 'outer',
      'error.code': 'E42',
      'error.stack_trace': expect.stringContaining('encode.test.ts'),
      'error.cause': 'Error: inner',
    });
  });

  it('tells what an AggregateError holds, which says nothing itself', () => {
    const refused = new AggregateError([
      new Error('connect ECONNREFUSED ::1'),
      new Error('connect ECONNREFUSED 127.0.0.1'),
    ]);
    expect(encoded({ error: refused })['error.message']).toContain('ECONNREFUSED 127.0.0.1');
  });

  it('survives a circular object', () => {
    const circular: Record<string, unknown> = { name: 'x', list: [] };
    circular['self'] = circular;
    (circular['list'] as unknown[]).push(circular);
    expect(encoded({ circular })).toEqual({
      'circular.name': 'x',
      'circular.list': ['[circular]'],
      'circular.self': '[circular]',
    });
  });

  it.each([
    [
      'a throwing getter',
      {
        get bad(): string {
          throw new Error('no');
        },
      },
      'no',
    ],
    [
      'a throwing toJSON',
      {
        bad: {
          toJSON: () => {
            throw new Error('no');
          },
        },
      },
      'no',
    ],
    [
      'an error whose properties throw',
      {
        bad: Object.defineProperty(new Error('x'), 'message', {
          get: () => {
            throw new Error('no');
          },
        }),
      },
      'no',
    ],
    ['a proxy that refuses everything', { bad: hostileProxy }, 'unreadable'],
    [
      'something thrown that cannot be read',
      {
        get bad(): string {
          throw hostileProxy;
        },
      },
      'unreadable',
    ],
    [
      'a toJSON that returns itself',
      {
        bad: {
          toJSON() {
            return this;
          },
          ok: 1,
        },
      },
      '1',
    ],
  ])('survives %s', (_case, fields, expected) => {
    expect(JSON.stringify(encoded({ before: 1, ...{ fields }, after: 2 }))).toContain(expected);
    expect(encoded({ before: 1, fields, after: 2 })).toMatchObject({ before: 1, after: 2 });
  });

  it.each([
    [10n, '10'],
    [Symbol('s'), 'Symbol(s)'],
    [Number.NaN, 'NaN'],
    [Number.NEGATIVE_INFINITY, '-Infinity'],
    [() => 1, '[function]'],
    [new Map([[1, 2]]), '[Map, 1 entries]'],
    [Buffer.alloc(1_000_000), '[binary, 1000000 bytes]'],
    [/a+/g, '/a+/g'],
    [new URL('http://u:p@host/x'), 'http://[redacted]@host/x'],
  ])('writes %s as text', (value, expected) => {
    expect(encoded({ value, list: [value] })).toEqual({ value: expected, list: [expected] });
  });

  it('writes a plain value under an ECS object as label, so that the index keeps its mapping', () => {
    expect(encoded({ user: 'bob', error: 'failed', 'user.id': 1 })).toEqual({
      'labels.user': 'bob',
      'error.message': 'failed',
      'user.id': 1,
    });
  });

  it.each([
    ['a long string', { value: 'ä'.repeat(1_000_000) }],
    ['a long array', { value: Array.from({ length: 1_000_000 }, (_, index) => index) }],
    [
      'many keys',
      Object.fromEntries(Array.from({ length: 10_000 }, (_, index) => [`key${index}`, 'x'.repeat(100)])),
    ],
    ['a long key', { ['k'.repeat(100_000)]: 1 }],
    ['nested arrays', { value: nested(10_000) }],
    ['wide and deep', wide(8)],
  ])('shortens %s, says so and stays below the limit', (_case, fields) => {
    const entries = [...encodeFields(fields, new Map())];
    const size = entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key + value) + 4, 0);
    expect(size).toBeLessThan(MAX_RECORD_BYTES + 1_000);
    expect(JSON.stringify(encoded(fields))).toMatch(/truncated|kkk/);
  });
});

function nested(depth: number): unknown[] {
  let value: unknown[] = [];
  for (let level = 0; level < depth; level += 1) value = [value];
  return value;
}

function wide(depth: number): object {
  if (depth === 0) return { leaf: 'x'.repeat(50) };
  return Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`k${index}`, wide(depth - 1)]));
}
