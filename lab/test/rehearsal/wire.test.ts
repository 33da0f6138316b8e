import { describe, expect, test } from 'vitest';
import { ArchiveError, packArchive, unpackArchive } from '../../src/recordings/archive.ts';
import { pointsOf } from '../../src/recordings/samples.ts';
import { bytesField, fieldsOf, numberField, varint } from '../../src/remote-storage/protobuf.ts';
import { packSnappy, unpackSnappy } from '../../src/remote-storage/snappy.ts';
import { rawSeries } from '../../src/remote-storage/write-series.ts';

describe('snappy', () => {
  test('unpacks what was packed, longer than one literal', () => {
    const content = Buffer.from(Array.from({ length: 200_000 }, (_, index) => index % 251));
    expect(unpackSnappy(packSnappy(content)).equals(content)).toBe(true);
  });

  test('unpacks copies of both lengths, and one that repeats itself', () => {
    // "abcd", then 4 bytes from 4 back (one-byte offset), then 8 from 1 back (two-byte offset).
    const packed = Buffer.concat([
      varint(16),
      Buffer.from([3 << 2]),
      Buffer.from('abcd'),
      Buffer.from([0b0000_0001, 4]),
      Buffer.from([(7 << 2) | 2, 1, 0]),
    ]);
    expect(unpackSnappy(packed).toString()).toBe('abcdabcddddddddd');
  });

  test.each([
    ['ends early', Buffer.from([10, 5 << 2, 97])],
    ['copies from before its beginning', Buffer.from([4, 1, 9])],
    ['says another length', Buffer.concat([varint(9), Buffer.from([0, 97])])],
  ])('refuses a block that %s', (_, packed) => {
    expect(() => unpackSnappy(packed)).toThrow(/snappy block/);
  });
});

describe('protocol buffers', () => {
  test('give back what was written, numbers beyond 32 bits too', () => {
    const message = Buffer.concat([numberField(2, 1_795_930_207_438), bytesField(1, 'up')]);
    expect(
      [...fieldsOf(message)].map(({ number, value, bytes }) => [number, value, bytes.toString()]),
    ).toEqual([
      [2, 1_795_930_207_438, ''],
      [1, 0, 'up'],
    ]);
  });

  test('refuse a message that is cut off', () => {
    expect(() => [...fieldsOf(bytesField(1, 'long enough').subarray(0, 6))]).toThrow(/in the middle/);
  });

  test('carry samples and the marks of an end', () => {
    const points = [
      [1000, 1.5],
      [2000, 'stale'],
      [3000, 0],
    ] as const;
    expect(pointsOf(rawSeries({ __name__: 'up' }, points))).toEqual(points);
  });
});

describe('an archive', () => {
  const entries = [
    { name: 'recording.json', content: Buffer.from('{}\n') },
    { name: 'data/01ABC/chunks/000001', content: Buffer.alloc(1536, 7) },
    { name: 'empty', content: Buffer.alloc(0) },
  ];

  test('gives back its entries', async () => {
    expect(await unpackArchive(await packArchive(entries))).toEqual(entries);
  });

  test('is the same for the same content', async () => {
    expect((await packArchive(entries)).equals(await packArchive(entries))).toBe(true);
  });

  test('refuses a file that is cut off, and one that is none', async () => {
    const packed = await packArchive(entries);
    await expect(unpackArchive(packed.subarray(0, packed.length - 20))).rejects.toThrow(ArchiveError);
    await expect(unpackArchive(Buffer.from('no archive'))).rejects.toThrow(ArchiveError);
  });

  test('refuses a name that leads out of the folder', async () => {
    const packed = await packArchive([{ name: '../evil', content: Buffer.from('x') }]);
    await expect(unpackArchive(packed)).rejects.toThrow(/cannot be read/);
  });
});
