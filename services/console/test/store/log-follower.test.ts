import {
  appendFileSync,
  closeSync,
  copyFileSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  utimesSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { LogRecord } from '../../src/contract/logs.ts';
import { MAX_LINE_BYTES } from '../../src/store/follower/followed-file.ts';
import { LogFollower } from '../../src/store/follower/log-follower.ts';
import { at, type LogDatabase, logDatabase, NOON, search } from '../support/log-database.ts';

/** A folder of log files with a follower whose clock stands still unless moved. */
async function setUp() {
  const logs = await logDatabase();
  const folder = join(logs.folder, 'logs');
  mkdirSync(folder);
  const clock = { ms: NOON + 3_600_000 };
  const notices: string[] = [];
  const start = () =>
    new LogFollower({
      directory: folder,
      writer: logs.writer,
      database: logs.database,
      now: () => clock.ms,
      events: {
        stored: () => undefined,
        notice: (message, fields) => notices.push(`${message} ${JSON.stringify(fields)}`),
      },
    });
  let follower = start();
  return {
    logs,
    clock,
    notices,
    path: (name: string) => join(folder, name),
    /** Reads until there is nothing more to read. */
    drain() {
      let passes = 0;
      while (follower.pass()) if (++passes > 1000) throw new Error('the follower does not come to an end');
    },
    get follower() {
      return follower;
    },
    restart() {
      follower[Symbol.dispose]();
      follower = start();
    },
    [Symbol.asyncDispose]: async () => {
      follower[Symbol.dispose]();
      await logs[Symbol.asyncDispose]();
    },
  };
}

let counter = 0;
/** A whole line; with an id it can be recognised when it is read again. */
const line = (message: string, sequence: number | undefined = counter++) =>
  `${JSON.stringify(at(NOON + counter, { message, 'service.instance.id': 'i', 'event.sequence': sequence }))}\n`;

/** Messages in the order of time. */
const stored = (logs: LogDatabase, over: Partial<LogRecord> = {}) =>
  all(logs)
    .filter((record) =>
      Object.entries(over).every(([key, value]) => record[key as keyof LogRecord] === value),
    )
    .map(({ message }) => message)
    .sort();
const all = ({ reader }: LogDatabase) => reader.search(search('')).items;

test('lines are stored once they are whole, and read on from there', async () => {
  await using lab = await setUp();
  const file = lab.path('taskmanager-api.log');
  lab.drain();
  writeFileSync(file, line('one') + line('two').slice(0, 40));
  lab.drain();
  expect(stored(lab.logs)).toEqual(['one']);
  rmSync(file);
  writeFileSync(file, line('one'));
  const second = line('two');
  appendFileSync(file, second.slice(0, 60));
  lab.drain();
  appendFileSync(file, second.slice(60) + line('three'));
  lab.drain();
  expect(stored(lab.logs)).toEqual(['one', 'one', 'three', 'two']);
});

test('a folder that is not there yet is waited for', async () => {
  await using lab = await setUp();
  rmSync(lab.path(''), { recursive: true });
  lab.drain();
  mkdirSync(lab.path(''));
  writeFileSync(lab.path('a.log'), line('here'));
  lab.drain();
  expect(stored(lab.logs)).toEqual(['here']);
  expect(lab.notices).toEqual([]);
});

test('rotations are followed by inode: nothing lost, nothing doubled, in any order of events', async () => {
  await using lab = await setUp();
  const file = lab.path('app.log');
  const expected: string[] = [];
  const log = (message: string, to = file) => {
    expected.push(message);
    appendFileSync(to, line(message));
  };
  log('a1');
  lab.drain();
  log('a2');
  // Rotated with unread lines, and written to once more under the new name.
  renameSync(file, lab.path('app.log.1'));
  log('b1');
  log('a3', lab.path('app.log.1'));
  lab.drain();
  // Twice between two looks.
  renameSync(lab.path('app.log.1'), lab.path('app.log.2'));
  log('b2');
  renameSync(file, lab.path('app.log.1'));
  log('c1');
  renameSync(lab.path('app.log.2'), lab.path('app.log.3'));
  renameSync(lab.path('app.log.1'), lab.path('app.log.2'));
  renameSync(file, lab.path('app.log.1'));
  log('d1');
  lab.drain();
  expect(stored(lab.logs)).toEqual(expected.sort());
});

test('a file removed while it is followed is read to its end', async () => {
  await using lab = await setUp();
  const file = lab.path('app.log');
  writeFileSync(file, line('one'));
  lab.drain();
  const writer = openSync(file, 'a');
  rmSync(file);
  writeSync(writer, line('two'));
  lab.drain();
  writeSync(writer, line('three').trimEnd());
  closeSync(writer);
  lab.drain();
  expect(stored(lab.logs)).toEqual(['one', 'two']);
  lab.clock.ms += 20_000;
  lab.drain();
  expect(stored(lab.logs)).toEqual(['one', 'three', 'two']);
  expect(stored(lab.logs, { defect: 'unterminated' })).toEqual(['three']);
  lab.clock.ms += 20_000;
  lab.drain();
  expect(lab.follower.files).toBe(0);
});

test('a stopped follower catches up, files rotated and removed meanwhile included', async () => {
  await using lab = await setUp();
  const file = lab.path('app.log');
  writeFileSync(file, line('a1') + line('a2'));
  lab.drain();
  appendFileSync(file, line('a3'));
  renameSync(file, lab.path('app.log.1'));
  writeFileSync(file, line('b1'));
  renameSync(lab.path('app.log.1'), lab.path('app.log.2'));
  renameSync(file, lab.path('app.log.1'));
  writeFileSync(file, line('c1'));
  lab.restart();
  lab.drain();
  expect(stored(lab.logs)).toEqual(['a1', 'a2', 'a3', 'b1', 'c1']);
  lab.restart();
  lab.drain();
  expect(stored(lab.logs)).toHaveLength(5);
});

test('an inode that is used again for another file is read from its beginning', async () => {
  await using lab = await setUp();
  const file = lab.path('app.log');
  writeFileSync(file, line('old one') + line('old two'));
  lab.drain();
  lab.follower[Symbol.dispose]();
  // The same inode with other content: what a file system does with a removed file's inode.
  truncateSync(file, 0);
  writeFileSync(file, line('new one') + line('new two') + line('new three'));
  lab.restart();
  lab.drain();
  expect(stored(lab.logs)).toEqual(['new one', 'new three', 'new two', 'old one', 'old two']);
});

test('a truncated file is read from its beginning, even when it grew longer than before', async () => {
  await using lab = await setUp();
  const file = lab.path('app.log');
  writeFileSync(file, line('one'));
  lab.drain();
  writeFileSync(file, '');
  lab.drain();
  appendFileSync(file, line('two'));
  lab.drain();
  writeFileSync(file, line('three, which is longer than what was there before') + line('four'));
  lab.drain();
  expect(stored(lab.logs)).toEqual([
    'four',
    'one',
    'three, which is longer than what was there before',
    'two',
  ]);
});

test.each([
  ['while following', false],
  ['while stopped', true],
])(
  'copytruncate %s: lines written before the cut are found in the copy, none twice, with or without ids',
  async (_, stop) => {
    await using lab = await setUp();
    const file = lab.path('app.log');
    const copy = lab.path('app.log.1');
    const plain = (message: string) => `plain text ${message}\n`;
    writeFileSync(file, line('a1') + plain('p1'));
    lab.drain();
    if (stop) lab.follower[Symbol.dispose]();
    appendFileSync(file, line('a2') + plain('p2'));
    copyFileSync(file, copy);
    if (!stop) lab.drain();
    truncateSync(file, 0);
    appendFileSync(file, line('b1') + plain('p3'));
    if (stop) lab.restart();
    lab.drain();
    appendFileSync(file, line('b2'));
    lab.drain();
    expect(stored(lab.logs)).toEqual([
      'a1',
      'a2',
      'b1',
      'b2',
      'plain text p1',
      'plain text p2',
      'plain text p3',
    ]);
  },
);

test('a copy kept beside its original is not read as well; two files that only begin alike both are', async () => {
  await using lab = await setUp();
  const banner = `${'program starts '.repeat(100)}\n`;
  writeFileSync(lab.path('a.log'), `${banner}from a\n`);
  lab.drain();
  copyFileSync(lab.path('a.log'), lab.path('a.log.bak'));
  writeFileSync(lab.path('b.log'), `${banner}from b, which has more to say\n`);
  lab.drain();
  appendFileSync(lab.path('a.log'), 'from a again\n');
  lab.drain();
  const found = stored(lab.logs).filter((message) => message.startsWith('from'));
  expect(found).toEqual(['from a', 'from a again', 'from b, which has more to say']);
});

test('a line too long is cut, marked and passed over, over a restart in its middle too', async () => {
  await using lab = await setUp();
  const file = lab.path('app.log');
  const long = JSON.stringify(
    at(NOON, { message: 'x'.repeat(MAX_LINE_BYTES * 3), 'event.sequence': 1, 'service.instance.id': 'i' }),
  );
  writeFileSync(file, line('before') + long.slice(0, MAX_LINE_BYTES + 1000));
  lab.drain();
  lab.restart();
  appendFileSync(file, long.slice(MAX_LINE_BYTES + 1000, MAX_LINE_BYTES * 2));
  lab.drain();
  lab.restart();
  appendFileSync(file, `${long.slice(MAX_LINE_BYTES * 2)}\n${line('after')}`);
  lab.drain();
  const records = all(lab.logs);
  expect(records).toHaveLength(3);
  const [cut] = records.filter(({ defect }) => defect === 'too-long');
  expect(cut).toMatchObject({
    service: 'taskmanager-api',
    level: 'info',
    time: new Date(NOON).toISOString(),
  });
  expect(stored(lab.logs, { defect: null })).toEqual(['after', 'before']);
});

test('the rest of a line torn by a kill does not take the next whole line with it', async () => {
  await using lab = await setUp();
  const torn = line('torn').slice(0, 90);
  writeFileSync(lab.path('app.log'), torn + line('whole') + line('next'));
  lab.drain();
  expect(stored(lab.logs, { defect: null })).toEqual(['next', 'whole']);
  expect(all(lab.logs).filter(({ defect }) => defect === 'not-json')).toHaveLength(1);
});

test.each<[string, string | Buffer, LogRecord['defect']]>([
  ['plain text', 'plain text, no JSON', 'not-json'],
  ['a JSON array', '[1,2]', 'not-an-object'],
  ['a JSON string', '"text"', 'not-an-object'],
  ['broken JSON', '{"message":"broken", "a": }', 'not-json'],
  ['no timestamp', '{"message":"m"}', 'no-timestamp'],
  ['a timestamp that is none', '{"message":"m","@timestamp":"yesterday"}', 'bad-timestamp'],
  ['a timestamp of the year 1970', '{"message":"m","@timestamp":"1970-01-01T00:00:00Z"}', 'bad-timestamp'],
  ['a timestamp of the year 9999', '{"message":"m","@timestamp":"9999-01-01T00:00:00Z"}', 'bad-timestamp'],
  ['bytes that are not UTF-8', Buffer.from([0xff, 0xfe, 0x41]), 'not-json'],
  [
    'a member called __proto__',
    '{"__proto__":{"polluted":true},"@timestamp":"2026-11-22T12:00:00Z","message":"m"}',
    null,
  ],
  ['a lone surrogate', '{"message":"\\ud800 x","@timestamp":"2026-11-22T12:00:00Z"}', null],
  [
    'deeply nested',
    `{"a":${'{"b":'.repeat(500)}1${'}'.repeat(500)},"@timestamp":"2026-11-22T12:00:00Z"}`,
    null,
  ],
])('%s is kept as a record with the mark it deserves', async (_, text, defect) => {
  await using lab = await setUp();
  const file = lab.path('worker.log');
  writeFileSync(file, text);
  appendFileSync(file, `\r\n\n${line('next')}`);
  utimesSync(file, new Date(NOON + 1000), new Date(NOON + 1000));
  lab.drain();
  const records = all(lab.logs);
  expect(records).toHaveLength(2);
  const [odd] = records.filter(({ message }) => message !== 'next');
  expect(odd).toMatchObject({ defect, service: 'worker' });
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  // Near its neighbours in time, not at the time of reading.
  expect(Math.abs(Date.parse(odd?.time ?? '') - NOON)).toBeLessThan(60_000);
});

test('a hole of zeros, left by a writer that kept its offset over a truncation, is passed over', async () => {
  await using lab = await setUp();
  const file = lab.path('app.log');
  const writer = openSync(file, 'w');
  const before = line('before');
  writeSync(writer, before, 0);
  lab.drain();
  truncateSync(file, 0);
  writeSync(writer, line('after'), 5000);
  closeSync(writer);
  lab.drain();
  expect(stored(lab.logs)).toEqual(['after', 'before']);
  expect(statSync(file).size).toBeGreaterThan(5000);
});

test('the same file under two names is read once; compressed rotations and other files are left alone', async () => {
  await using lab = await setUp();
  writeFileSync(lab.path('app.log'), line('one'));
  linkSync(lab.path('app.log'), lab.path('app.log.1'));
  writeFileSync(lab.path('app.log.2.gz'), line('two'));
  writeFileSync(lab.path('notes.txt'), line('three'));
  mkdirSync(lab.path('folder.log'));
  lab.drain();
  lab.drain();
  expect(stored(lab.logs)).toEqual(['one']);
});

test('an error of the database moves no position: the same lines are stored the next time', async () => {
  await using lab = await setUp();
  writeFileSync(lab.path('app.log'), line('one') + line('two'));
  lab.logs.database.exec('ALTER TABLE positions RENAME TO hidden');
  expect(() => lab.drain()).toThrow('no such table');
  expect(stored(lab.logs)).toEqual([]);
  lab.logs.database.exec('ALTER TABLE hidden RENAME TO positions');
  lab.restart();
  lab.drain();
  expect(stored(lab.logs)).toEqual(['one', 'two']);
});

test('many chunks, lines across their edges, and lines added while reading: each once', async () => {
  await using lab = await setUp();
  const file = lab.path('app.log');
  let sequence = 0;
  const many = (count: number) =>
    Array.from({ length: count }, () =>
      JSON.stringify(
        at(NOON, {
          'service.instance.id': 'm',
          'event.sequence': sequence++,
          message: 'é'.repeat(300 + (sequence % 500)),
        }),
      ),
    ).join('\n');
  writeFileSync(file, `${many(4000)}\n`);
  for (let round = 0; round < 30; round++) {
    lab.follower.pass();
    appendFileSync(file, `${many(5)}\n`);
    if (round % 10 === 5) lab.restart();
  }
  lab.drain();
  expect(lab.logs.reader.count()).toBe(sequence);
  const defects = lab.logs.database.prepare('SELECT count(*) AS n FROM record_1 WHERE defect <> 0').get();
  expect(defects?.['n']).toBe(0);
});
