import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { HEAD_BYTES, hashOf, type Position, START, TAIL_BYTES } from './positions.ts';

/** Bytes read at a time; also bounds what one transaction stores. */
export const CHUNK_BYTES = 1024 * 1024;
/** A line longer than this is cut here and marked. */
export const MAX_LINE_BYTES = 256 * 1024;

const NEWLINE = 0x0a;
/** One buffer for all files: reading is synchronous, and what was read becomes strings at once. */
const chunk = Buffer.allocUnsafe(CHUNK_BYTES);

export interface Line {
  text: string;
  /** Longer than MAX_LINE_BYTES; the rest is left out. */
  cut: boolean;
  /** The end of the file came before the end of the line. */
  open: boolean;
}

export interface Lines {
  lines: Line[];
  /** Where reading goes on once these lines are stored. */
  next: Position;
  /** More can be read at once. */
  more: boolean;
}

/**
 * One log file, open. It stays readable when it is renamed or removed, and its inode is not given to another file meanwhile.
 * Nothing is remembered but the position: a line that is not complete yet is read again later.
 */
export class FollowedFile implements Disposable {
  readonly key: string;
  path: string;
  position: Position;
  /** Time of the newest line, for lines that do not say theirs. Milliseconds. */
  lastMs: number;
  /** Since when nothing new came, milliseconds. */
  quietSinceMs: number;
  /** No longer in the folder. */
  gone = false;
  /** Whether it is known where reading begins; needs content to tell. */
  recognised = false;
  /** Its last line was taken although it had no end; nothing more is expected. */
  finished = false;
  /** Key of the followed file that this one is a copy of: it is not read while the original can be. */
  copyOf: string | undefined;
  #seen = '';
  readonly #descriptor: number;

  /** @throws the error of opening it */
  constructor(path: string, nowMs: number) {
    this.#descriptor = openSync(path, 'r');
    const { dev, ino, mtimeMs } = fstatSync(this.#descriptor, { bigint: true });
    this.key = `${dev}:${ino}`;
    this.path = path;
    this.position = START;
    this.lastMs = Number(mtimeMs);
    this.quietSinceMs = nowMs;
  }

  /** File name up to its first dot: the service, for lines that do not name theirs. */
  get service(): string {
    return basename(this.path).split('.')[0] || 'unknown';
  }

  /** Bytes in the file now. */
  size(): number {
    return fstatSync(this.#descriptor).size;
  }

  /** Whether the file is the one that a position was noted for: same beginning, same bytes before the position. */
  agreesWith(position: Position): boolean {
    const size = this.size();
    if (size < position.offset || size < position.headBytes) return false;
    return (
      (position.headBytes === 0 || hashOf(this.#read(0, position.headBytes)) === position.head) &&
      (position.tailBytes === 0 ||
        hashOf(this.#read(position.offset - position.tailBytes, position.tailBytes)) === position.tail)
    );
  }

  /** Whether the beginning alone agrees; the rest may still be on its way. */
  beginsLike(position: Position): boolean {
    return (
      position.headBytes > 0 &&
      this.size() >= position.headBytes &&
      hashOf(this.#read(0, position.headBytes)) === position.head
    );
  }

  /** Whether there may be something to read: bytes left over, or written since the last `read`. */
  hasChanged(): boolean {
    return this.#state() !== this.#seen;
  }

  /**
   * Reads complete lines from the position on. The caller stores them together with `next`, then sets `position`.
   * @param finish also return a last line without its newline: nobody writes to the file any more.
   * @returns undefined when the file turned out to be truncated or replaced: begin again with START.
   */
  read(finish = false): Lines | undefined {
    const { position } = this;
    const state = this.#state();
    const size = this.size();
    if (!this.agreesWith(position)) return undefined;
    const bytes = this.#read(position.offset, CHUNK_BYTES, chunk);
    const found = split(bytes, position.skipping, finish && position.offset + bytes.length >= size);
    const next = this.#after(position, bytes, found);
    // Truncated and written anew while we read: then these bytes may be a mixture.
    if (!this.agreesWith(position)) return undefined;
    const more = found.used > 0 && position.offset + found.used < size;
    this.#seen = more ? '' : state;
    return { lines: found.lines, next, more };
  }

  [Symbol.dispose](): void {
    closeSync(this.#descriptor);
  }

  #state(): string {
    const { size, mtimeMs } = fstatSync(this.#descriptor);
    return `${size} ${mtimeMs}`;
  }

  #after(position: Position, bytes: Buffer, { used, skipping }: Split): Position {
    if (used === 0) return { ...position, skipping };
    const offset = position.offset + used;
    const tailBytes = Math.min(TAIL_BYTES, used);
    const headBytes = Math.min(HEAD_BYTES, offset);
    const head = headBytes === position.headBytes ? position.head : hashOf(this.#read(0, headBytes));
    return {
      offset,
      head,
      headBytes,
      tail: hashOf(bytes.subarray(used - tailBytes, used)),
      tailBytes,
      skipping,
    };
  }

  #read(offset: number, length: number, into = Buffer.allocUnsafe(length)): Buffer {
    let filled = 0;
    while (filled < length) {
      const count = readSync(this.#descriptor, into, filled, length - filled, offset + filled);
      if (count === 0) break;
      filled += count;
    }
    return into.subarray(0, filled);
  }
}

interface Split {
  lines: Line[];
  /** Bytes that are done with. */
  used: number;
  skipping: boolean;
}

function split(bytes: Buffer, skippingBefore: boolean, finish: boolean): Split {
  const lines: Line[] = [];
  let used = 0;
  let skipping = skippingBefore;
  for (;;) {
    const end = bytes.indexOf(NEWLINE, used);
    if (skipping) {
      if (end < 0) return { lines, used: bytes.length, skipping: !finish };
      used = end + 1;
      skipping = false;
    } else if (end >= 0) {
      add(lines, bytes.subarray(used, end), false);
      used = end + 1;
    } else if (bytes.length - used >= MAX_LINE_BYTES) {
      add(lines, bytes.subarray(used), false);
      return { lines, used: bytes.length, skipping: !finish };
    } else {
      if (finish && used < bytes.length) {
        add(lines, bytes.subarray(used), true);
        used = bytes.length;
      }
      return { lines, used, skipping };
    }
  }
}

function add(lines: Line[], bytes: Buffer, open: boolean): void {
  // A writer that kept its offset over a truncation leaves a hole of zeros before its next line.
  let start = 0;
  while (start < bytes.length && bytes[start] === 0) start++;
  let end = bytes.length;
  if (end > start && bytes[end - 1] === 0x0d) end--;
  if (start === end) return;
  const cut = end - start > MAX_LINE_BYTES;
  lines.push({ text: bytes.toString('utf8', start, cut ? start + MAX_LINE_BYTES : end), cut, open });
}
