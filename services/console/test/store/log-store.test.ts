import { existsSync, writeFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { expect, test } from 'vitest';
import type { LogReader } from '../../src/store/logs/log-reader.ts';
import { CursorError } from '../../src/store/logs/newest.ts';
import { logLayout } from '../../src/store/logs/schema.ts';
import { distrust, openForWriting } from '../../src/store/sqlite/open-database.ts';
import { at, logDatabase, NOON, search } from '../support/log-database.ts';

const messages = (items: { message: string }[]) => items.map(({ message }) => message);

test('records are found newest first by their own time, across segments that arrived in any order', async () => {
  await using logs = await logDatabase({ segmentRows: 3 });
  const times = [50, 10, 40, 20, 60, 5, 30, 55, 1, 45, 15, 35];
  for (const ms of times) logs.add([at(NOON + ms, { message: `m${ms}` })]);
  const sorted = [...times].sort((a, b) => b - a).map((ms) => `m${ms}`);
  expect(messages(logs.reader.search(search('')).items)).toEqual(sorted);
  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const page = logs.reader.search(search('', { limit: 5, cursor }));
    paged.push(...messages(page.items));
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(paged).toEqual(sorted);
});

test('more records in one millisecond than it has room for are all kept and paged through', async () => {
  await using logs = await logDatabase({ segmentRows: 5000 });
  const many = Array.from({ length: 10_000 }, (_, index) =>
    at(NOON, { 'event.sequence': index, 'service.instance.id': 'i' }),
  );
  for (let from = 0; from < many.length; from += 2500) logs.add(many.slice(from, from + 2500));
  const seen = new Set<unknown>();
  let cursor: string | undefined;
  do {
    const page = logs.reader.search(search('hello', { cursor }));
    for (const { fields } of page.items) seen.add(fields['event.sequence']);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(seen.size).toBe(10_000);
});

test('a record read again is not doubled, in the same batch, a later one or another segment', async () => {
  await using logs = await logDatabase({ segmentRows: 2 });
  const record = (sequence: number) =>
    at(NOON + sequence, { 'service.instance.id': 'a', 'event.sequence': sequence });
  expect(logs.add([record(1), record(2), record(2)])).toEqual({ stored: 2, repeated: 1, evicted: 0 });
  expect(logs.add([record(3), record(1), record(2), record(4)])).toEqual({
    stored: 2,
    repeated: 2,
    evicted: 0,
  });
  // Out of order is not a repetition, and another instance counts for itself.
  expect(logs.add([record(10), record(9)])).toEqual({ stored: 2, repeated: 0, evicted: 0 });
  expect(logs.add([at(NOON, { 'service.instance.id': 'b', 'event.sequence': 1 })])).toEqual({
    stored: 1,
    repeated: 0,
    evicted: 0,
  });
  expect(logs.reader.count()).toBe(7);
});

test('what a transaction could not store is not remembered as stored', async () => {
  await using logs = await logDatabase();
  const record = at(NOON, { 'service.instance.id': 'a', 'event.sequence': 1, 'service.name': 'new-service' });
  const broken = () =>
    logs.writer.write(
      [
        {
          ms: NOON,
          level: 2,
          service: 'new-service',
          instance: 'a',
          sequence: 1,
          text: 'x',
          line: '{}',
          defect: 0,
          file: 'f',
        },
      ],
      NOON,
      () => {
        throw new Error('disk full');
      },
    );
  expect(broken).toThrow('disk full');
  expect(logs.reader.count()).toBe(0);
  expect(logs.add([record])).toEqual({ stored: 1, repeated: 0, evicted: 0 });
  expect(logs.reader.search(search('service.name:new-service')).items).toHaveLength(1);
});

test('the store stays within its size: the oldest go, the newest stay, and searches go on', async () => {
  const maxBytes = 2_000_000;
  await using logs = await logDatabase({ maxBytes, segmentRows: 100_000 });
  let written = 0;
  let evicted = 0;
  for (let batch = 0; batch < 60; batch++) {
    const records = Array.from({ length: 100 }, (_, index) =>
      at(NOON + batch * 1000 + index, { message: `batch ${batch} ${'filler '.repeat(60)}${Math.random()}` }),
    );
    const outcome = logs.add(records, NOON + batch * 1000);
    written += outcome.stored;
    evicted += outcome.evicted;
    expect(logs.writer.usedBytes()).toBeLessThanOrEqual(maxBytes);
  }
  expect(evicted).toBeGreaterThan(0);
  expect(logs.reader.count()).toBe(written - evicted);
  // At least half the allowance is in use: eviction does not throw everything away.
  expect(logs.writer.usedBytes()).toBeGreaterThan(maxBytes / 2);
  expect(logs.reader.search(search('59')).items).toHaveLength(100);
  expect(logs.reader.search(search('"batch 0"')).items).toHaveLength(0);
  const { total } = logs.reader.histogram({
    ...search(''),
    bars: 60,
    by: 'level',
    fromMs: NOON,
    toMs: NOON + 60_000,
  });
  expect(total).toBe(written - evicted);
});

test('records older than the limit of age go, late arrivals stay as long as anything else', async () => {
  const day = 86_400_000;
  await using logs = await logDatabase({ maxAgeMs: 8 * day });
  logs.add([at(NOON, { message: 'first' })], NOON);
  logs.add([at(NOON - 30 * day, { message: 'late' })], NOON + 2 * day);
  expect(logs.add([at(NOON + 9 * day, { message: 'new' })], NOON + 9 * day)).toMatchObject({ evicted: 1 });
  const all = search('', { fromMs: 0, toMs: NOON + 100 * day });
  expect(messages(logs.reader.search(all).items)).toEqual(['new', 'late']);
  expect(logs.writer.evict(NOON + 11 * day)).toBe(1);
});

test('histograms hold every bar, split by level or service, whichever way they are counted', async () => {
  await using logs = await logDatabase({ segmentRows: 50 });
  const levels = ['error', 'warn', 'info', 'info'];
  const records = Array.from({ length: 240 }, (_, index) =>
    at(NOON + index * 500, {
      'log.level': levels[index % 4],
      'service.name': index % 3 === 0 ? 'web' : 'api',
      message: index % 2 === 0 ? 'even word' : 'odd word',
    }),
  );
  for (let from = 0; from < records.length; from += 30) logs.add(records.slice(from, from + 30));
  const count = (query: string, over = {}) =>
    logs.reader.histogram({
      ...search(query),
      bars: 60,
      by: 'level' as const,
      fromMs: NOON,
      toMs: NOON + 119_999,
      ...over,
    });
  const plain = count('');
  expect(plain).toMatchObject({
    stepSeconds: 5,
    keys: ['error', 'warn', 'info'],
    total: 240,
    complete: true,
  });
  expect(plain.bars).toHaveLength(24);
  expect(plain.bars[1]).toEqual({ start: new Date(NOON + 5000).toISOString(), total: 10, counts: [2, 2, 6] });
  expect(count('word').bars).toEqual(plain.bars);
  expect(count('"odd word" OR "even word"').bars).toEqual(plain.bars);
  expect(count('', { by: 'service' }).keys).toEqual(['api', 'web']);
  expect(count('even', { by: 'service' }).total).toBe(120);
  expect(count('', { levels: ['error', 'warn'] }).total).toBe(120);
  expect(count('', { services: ['web'] }).total).toBe(80);
  expect(count('odd', { services: ['web'], levels: ['warn'] }).total).toBe(20);
  expect(count('NOT service.name:web AND (log.level:error OR log.level:warn)').total).toBe(80);
  expect(count('', { services: ['nobody'] })).toMatchObject({ total: 0, keys: [] });
  // Minutes are kept as well, for long ranges.
  expect(count('', { fromMs: NOON - 3_600_000, toMs: NOON + 3_600_000 })).toMatchObject({
    stepSeconds: 300,
    total: 240,
  });
});

test('a search that runs out of time says so and its cursor goes on where it stopped, missing nothing', async () => {
  await using logs = await logDatabase({ segmentRows: 700 });
  for (let batch = 0; batch < 10; batch++) {
    logs.add(
      Array.from({ length: 300 }, (_, index) =>
        at(NOON + batch * 300 + index, { 'http.response.body.bytes': index % 100 }),
      ),
    );
  }
  const seen: string[] = [];
  let cursor: string | undefined;
  let unfinished = 0;
  do {
    // No time at all: each page looks at a handful of records.
    const page = logs.reader.search(search('http.response.body.bytes:42', { budgetMs: 0.2, cursor }));
    seen.push(...page.items.map(({ id }) => id));
    if (!page.complete) unfinished++;
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  expect(new Set(seen).size).toBe(30);
  expect(seen).toHaveLength(30);
  expect(unfinished).toBeGreaterThan(0);
  const counted = logs.reader.histogram({
    ...search('http.response.body.bytes:42'),
    bars: 60,
    by: 'level',
    budgetMs: -1,
  });
  expect(counted.complete).toBe(false);
  expect(Date.parse(counted.countedFrom)).toBeGreaterThan(NOON);
});

test('a foreign cursor and an unknown id are told apart from an empty answer', async () => {
  await using logs = await logDatabase();
  logs.add([at(NOON, { message: 'one', nested: { deep: 1 } })]);
  expect(() => logs.reader.search(search('', { cursor: '1; DROP TABLE segments' }))).toThrow(CursorError);
  const [record] = logs.reader.search(search('')).items;
  expect(logs.reader.detail(record?.id ?? '')).toMatchObject({
    message: 'one',
    file: 'app.log',
    fields: { 'nested.deep': 1 },
  });
  for (const id of ['1-1', '99-1', '', 'x', '1', "1-1' OR 1=1"])
    expect(logs.reader.detail(id)).toBeUndefined();
});

const around = (filter: Partial<Parameters<LogReader['facets']>[0]> = {}) => ({
  query: '',
  levels: [],
  services: [],
  fromMs: NOON - 60_000,
  toMs: NOON + 60_000,
  bars: 90,
  budgetMs: 1000,
  ...filter,
});

test.each([
  ['an empty query', ''],
  ['words', 'hello'],
  ['a field', 'http.response.status_code:200'],
  ['a phrase', 'message:"hello there"'],
])('facets count what the search finds, to the second, by %s', async (_, query) => {
  await using logs = await logDatabase();
  const said = { message: 'hello there', 'http.response.status_code': 200 };
  logs.add([
    at(NOON, said),
    at(NOON, { ...said, 'log.level': 'error' }),
    at(NOON, { ...said, 'service.name': 'web' }),
    // The same minute, and not in the range.
    at(NOON - 61_000, said),
    ...(query === '' ? [] : [at(NOON, { message: 'other' })]),
  ]);
  expect(logs.reader.facets(around({ query }))).toMatchObject({
    levels: [
      { value: 'info', count: 2 },
      { value: 'error', count: 1 },
    ],
    services: [
      { value: 'taskmanager-api', count: 2 },
      { value: 'web', count: 1 },
    ],
  });
  // What is chosen narrows the other facet and not its own.
  expect(logs.reader.facets(around({ query, services: ['web'], levels: ['info'] }))).toMatchObject({
    levels: [{ value: 'info', count: 1 }],
    services: [
      { value: 'taskmanager-api', count: 1 },
      { value: 'web', count: 1 },
    ],
  });
});

test('facets count levels and services of the range', async () => {
  await using logs = await logDatabase();
  logs.add([
    at(NOON),
    at(NOON, { 'log.level': 'error' }),
    at(NOON, { 'service.name': 'web' }),
    at(NOON - 7_200_000),
  ]);
  expect(logs.reader.facets(around())).toMatchObject({
    complete: true,
    levels: [
      { value: 'info', count: 2 },
      { value: 'error', count: 1 },
    ],
    services: [
      { value: 'taskmanager-api', count: 2 },
      { value: 'web', count: 1 },
    ],
  });
});

test('names without end are bounded: beyond the limit services share one name, and no record is lost', async () => {
  await using logs = await logDatabase();
  logs.add(Array.from({ length: 1500 }, (_, index) => at(NOON, { 'service.name': `service-${index}` })));
  expect(logs.reader.count()).toBe(1500);
  expect(logs.reader.facets(around()).services).toHaveLength(1001);
  expect(logs.reader.search(search('service.name:"(other)"')).items).toHaveLength(500);
});

test('a damaged or foreign file is put aside and begun anew, saying why', async () => {
  await using logs = await logDatabase();
  const path = `${logs.folder}/other.db`;
  const open = () => {
    const { database, replaced } = openForWriting(path, logLayout, { cacheKiB: 1000 });
    database.close();
    return replaced;
  };
  expect(open()).toBeNull();
  expect(open()).toBeNull();
  writeFileSync(path, 'this is not a database, but long enough to be taken for one by its size '.repeat(50));
  expect(open()).toContain('not a database');
  expect(existsSync(`${path}.broken`)).toBe(true);
  expect(open()).toBeNull();
  distrust(path, 'SQLITE_CORRUPT');
  expect(open()).toContain('damaged while in use');
  const newer = new DatabaseSync(path);
  newer.exec('PRAGMA user_version = 99');
  newer.close();
  expect(open()).toContain('version 99');
});
