import { randomFrom } from '@lab/workshop/records';
import { expect, test } from 'vitest';
import { LOG_LEVELS } from '../../src/contract/logs.ts';
import type { LogReader } from '../../src/store/logs/log-reader.ts';
import { matches } from '../../src/store/query/evaluate.ts';
import { parseQuery } from '../../src/store/query/parse.ts';
import { QuerySyntaxError } from '../../src/store/query/syntax-tree.ts';
import { at, logDatabase, NOON, search } from '../support/log-database.ts';

test.each([
  ['a AND', 5, 'the end'],
  ['AND a', 0, 'found AND'],
  ['(a b', 4, 'expected ) for the ( of position 0'],
  ['a b)', 3, 'found ) without its ('],
  ['a OR OR b', 5, 'found OR'],
  ['say "hi', 4, 'closing quote'],
  ['log.level:', 10, 'a value for log.level:'],
  ['log.level: AND x', 11, 'a value for log.level:'],
  ['x ---', 2, 'a letter or digit in "---"'],
  ['a*b', 1, 'only at the end'],
  ['a*', 0, 'at least 2 letters'],
  ['>5', 0, 'found >'],
  ['NOT', 3, 'the end'],
  ['()', 1, 'found )'],
  ['a:b*c*', 0, 'only at the end'],
  [`${'('.repeat(30)}a${')'.repeat(30)}`, 21, 'at most 20 levels'],
  [Array.from({ length: 51 }, (_, index) => `w${index}`).join(' '), 190, 'at most 50 terms'],
  ['x'.repeat(2001), 2000, 'at most 2000 characters'],
])('%j is refused at position %i', (query, position, message) => {
  expect(() => parseQuery(query)).toThrow(QuerySyntaxError);
  expect(() => parseQuery(query)).toThrow(message);
  try {
    parseQuery(query);
  } catch (error) {
    expect((error as QuerySyntaxError).position).toBe(position);
  }
});

const RECORD = {
  fields: {
    message: 'Connection refused: GET /api/v1/tasks/0198f3c2-aaaa-4bbb-8ccc-1234567890ab from São Paulo',
    'url.path': '/api/v1/Tasks',
    'http.response.status_code': 503,
    'event.duration': 123_456_789,
    'trace.id': '4bf92f3577b34da6a3ce929d0e0e4736',
    'error.message': 'the pool said: "no more"',
    'client.ip': '::1',
    tags: ['blue', 'dark green'],
    'labels.flag': true,
    empty: null,
  },
  level: 'error',
  service: 'taskmanager-api',
};

test.each([
  ['', true],
  ['*', true],
  ['refused', true],
  ['REFUSED', true],
  ['refuse', false],
  ['refus*', true],
  ['connection refused', true],
  ['"connection refused"', true],
  ['"refused connection"', false],
  ['"onnection refused"', false],
  ['"connection refuse"', false],
  ['connection AND missing', false],
  ['missing OR refused', true],
  ['NOT missing', true],
  ['NOT (refused OR missing)', false],
  ['missing refused OR connection', true],
  ['missing (refused OR connection)', false],
  ['são', true],
  ['SÃO', true],
  ['0198f3c2-AAAA-4bbb-8ccc-1234567890ab', true],
  ['4bf92f3577b34da6a3ce929d0e0e4736', true],
  ['503', true],
  ['http.response.status_code:503', true],
  ['http.response.status_code:50', false],
  ['http.response.status_code:50*', true],
  ['http.response.status_code>=500', true],
  ['http.response.status_code>503', false],
  ['event.duration>100000000', true],
  ['event.duration<1e8', false],
  ['log.level:error', true],
  ['log.level:ERROR', true],
  ['log.level:warn', false],
  ['service.name:taskmanager-api', true],
  ['service.name:taskmanager*', true],
  ['service.name:taskmanager', false],
  ['url.path:/api/v1/tasks', true],
  ['url.path:/api/*', true],
  ['url.path:"/api/v1"', false],
  ['message:refused', true],
  ['message:"connection refused"', true],
  ['message:pool', false],
  ['error.message:"no more"', true],
  [String.raw`error.message:"said: \"no more\""`, true],
  ['client.ip:::1', true],
  ['tags:"dark green"', true],
  ['tags:dark', false],
  ['labels.flag:true', true],
  ['trace.id:*', true],
  ['nothing.here:*', false],
  ['empty:*', false],
  ['constructor:*', false],
  ['__proto__:*', false],
  ['url.path>=/api', true],
  ['"and" OR and', false],
])('%j finds the record: %s', (query, expected) => {
  expect(matches(parseQuery(query), RECORD)).toBe(expected);
});

const WORDS = [
  'task',
  'created',
  'time',
  'timeout',
  'pool',
  'são',
  'a-b',
  'x/y',
  '0198f3c2-aaaa-4bbb-8ccc-1234567890ab',
  '500',
  '~l0',
  'NEAR',
];

/** A random record out of few values, so that random queries hit. */
function randomRecord(random: () => number, index: number): Record<string, unknown> {
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
  const maybe = (share: number, fields: Record<string, unknown>) => (random() < share ? fields : {});
  return at(NOON + index * 7, {
    'log.level': pick(['error', 'warn', 'info', 'debug', 'odd']),
    'service.name': pick(['taskmanager-api', 'taskmanager-web', 'other']),
    message: `${pick(WORDS)} ${pick(WORDS)}, ${pick(WORDS)}`,
    ...maybe(0.5, { 'http.response.status_code': pick([200, 404, 500, 503]) }),
    ...maybe(0.5, { 'event.duration': Math.floor(random() ** 3 * 1e9) }),
    ...maybe(0.4, { 'url.path': `/${pick(WORDS)}/${pick(WORDS)}` }),
    ...maybe(0.2, { 'error.type': pick(['TypeError', 'Error']), 'error.message': pick(WORDS) }),
    ...maybe(0.2, { labels: { depth: { team: pick(['a', 'b']) }, count: pick([1, 2, '2']) } }),
    ...maybe(0.2, { 'span.id': pick(['00f067aa0ba902b7', 'aaaabbbbccccdddd']) }),
    ...maybe(0.1, { tags: [pick(WORDS), pick(WORDS)] }),
  });
}

function randomQuery(random: () => number, depth = 0): string {
  const pick = <T>(values: readonly T[]) => values[Math.floor(random() * values.length)] as T;
  const word = () => pick(WORDS);
  const leaves = [
    () => word(),
    () => `${pick(['ta', 'tim', 'crea', 'sã', '50', '0198f3c2'])}*`,
    () => `"${word()} ${word()}"`,
    () => `"${word()}, ${word()}"`,
    () => `log.level:${pick(LOG_LEVELS)}`,
    () => `service.name:${pick(['taskmanager-api', 'other', 'task*', 'none'])}`,
    () => `http.response.status_code${pick([':', '>', '>=', '<', '<='])}${pick([200, 404, 450, 500])}`,
    () => `event.duration${pick(['>', '<='])}${pick([1000, 5e7, 2e8])}`,
    () => `url.path:${pick(['/task/*', '/a-b/x/y', '/são/*', '/0198f3c2-aa*', '*'])}`,
    () => `message:${word()}`,
    () => `error.type:${pick(['TypeError', 'typeerror', '*', 'Type*'])}`,
    () => `labels.depth.team:${pick(['a', '*'])}`,
    () => `labels.count:${pick(['2', '*'])}`,
    () => `span.id:${pick(['00f067aa0ba902b7', 'aaaa*'])}`,
    () => `tags:${word()}`,
  ];
  if (depth > 2 || random() < 0.4) return pick(leaves)();
  const inner = () => randomQuery(random, depth + 1);
  return pick([
    () => `(${inner()} OR ${inner()})`,
    () => `(${inner()} AND ${inner()})`,
    () => `(${inner()} ${inner()})`,
    () => `NOT ${inner()}`,
  ])();
}

test('the index and the evaluator agree on 400 random queries over 1,500 random records', async () => {
  await using logs = await logDatabase({ segmentRows: 400 });
  const random = randomFrom(7);
  const records = Array.from({ length: 1500 }, (_, index) => randomRecord(random, index));
  for (let from = 0; from < records.length; from += 100) logs.add(records.slice(from, from + 100));
  const everything = allOf(logs.reader, '*');
  expect(everything).toHaveLength(1500);
  let hits = 0;
  for (let round = 0; round < 400; round++) {
    const text = randomQuery(random);
    const query = parseQuery(text);
    const expected = everything.filter((record) => matches(query, record)).map(({ id }) => id);
    expect(
      allOf(logs.reader, text).map(({ id }) => id),
      text,
    ).toEqual(expected);
    const counted = logs.reader.histogram({
      ...search(text),
      bars: 60,
      by: 'level',
      fromMs: NOON,
      toMs: NOON + 12_000,
    });
    expect(counted.total, text).toBe(expected.length);
    hits += expected.length;
  }
  expect(hits).toBeGreaterThan(10_000);
});

/** Every record of a search, page by page. */
function allOf(reader: LogReader, query: string) {
  const items = [];
  let cursor: string | undefined;
  do {
    const page = reader.search(search(query, { cursor, limit: 137 }));
    expect(page.complete).toBe(true);
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

test.each([
  `'; DROP TABLE segments; --`,
  `" OR 1=1 --`,
  `"a" NEAR("b" "c", 5)`,
  `text:a`,
  `{text} : a`,
  `^a`,
  `a + b`,
  `"~a"`,
  `~l0`,
  `a"b`,
  'a\0b',
  `\u{1f600} \ud800`,
  `NOT NOT NOT a`,
  `x' UNION SELECT * FROM sqlite_schema --`,
  `*)`,
  `message:"') OR 1=1 --"`,
  `"');DELETE FROM segments;--":1`,
])('%j is data or a syntax error, never SQL or FTS5', async (query) => {
  await using logs = await logDatabase();
  logs.add([at(NOON, { message: 'harmless' })]);
  try {
    expect(logs.reader.search(search(query)).items.length).toBeLessThanOrEqual(1);
  } catch (error) {
    expect(error).toBeInstanceOf(QuerySyntaxError);
  }
  expect(logs.reader.search(search('harmless')).items).toHaveLength(1);
});

test('a mark of ours in a message does not make the record what the mark says', async () => {
  await using logs = await logDatabase();
  logs.add([at(NOON, { message: 'all is well ~l0 ~c5 ~s1' })]);
  expect(logs.reader.search(search('log.level:error')).items).toEqual([]);
  expect(logs.reader.search(search('http.response.status_code>=500')).items).toEqual([]);
});
