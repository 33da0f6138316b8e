/**
 * The files that parts write their output to. Parts hold the file themselves, not a pipe to the supervisor: what
 * happens to the supervisor neither blocks them nor loses a line.
 */
import { once } from 'node:events';
import {
  copyFileSync,
  createWriteStream,
  existsSync,
  mkdirSync,
  renameSync,
  statSync,
  truncateSync,
  type WriteStream,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname, join } from 'node:path';

const MAX_BYTES = 5 * 1024 * 1024;
const KEPT = 2;

export function outputFile(folder: string, name: string): string {
  return join(folder, `${name}.log`);
}

/** Runs `use` with the file open for appending; a child it spawns keeps a descriptor of its own. */
export async function withAppendStream<T>(file: string, use: (stream: WriteStream) => T): Promise<T> {
  mkdirSync(dirname(file), { recursive: true });
  const stream = createWriteStream(file, { flags: 'a', mode: 0o640 });
  try {
    await once(stream, 'open');
    return use(stream);
  } finally {
    stream.destroy();
  }
}

/**
 * Moves a file that grew too large out of the way by copy and truncate, because the part goes on writing to the
 * same file; descriptors append, so the next line lands at the new beginning. Both calls follow each other without
 * a turn of the event loop: what a part writes in the microseconds between them is the price.
 */
export function rotateIfLarge(file: string, maxBytes = MAX_BYTES): boolean {
  if (!existsSync(file) || statSync(file).size <= maxBytes) return false;
  for (let index = KEPT; index > 1; index -= 1) {
    if (existsSync(`${file}.${index - 1}`)) renameSync(`${file}.${index - 1}`, `${file}.${index}`);
  }
  copyFileSync(file, `${file}.1`);
  truncateSync(file);
  return true;
}

/** The last lines of a file, read from its end; none where there is no file. */
export async function lastLines(file: string, count: number): Promise<string[]> {
  if (!existsSync(file)) return [];
  await using handle = await open(file);
  const { size } = await handle.stat();
  const length = Math.min(size, 64 * 1024);
  const { buffer } = await handle.read(Buffer.alloc(length), 0, length, size - length);
  return buffer.toString('utf8').trimEnd().split('\n').filter(Boolean).slice(-count);
}
