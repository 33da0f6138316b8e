import { createHash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { numberOf, textFrom } from '../sqlite/transaction.ts';

/** How far a file has been read, and how to recognise it: its content begins so, and stood so right before the position. */
export interface Position {
  /** Bytes; everything before is stored. */
  offset: number;
  /** Hash of the first `headBytes` bytes, '' while there are none. */
  head: string;
  headBytes: number;
  /** Hash of the last `tailBytes` bytes before `offset`. */
  tail: string;
  tailBytes: number;
  /** The rest of a line that was too long is being passed over. */
  skipping: boolean;
}

export const START: Position = { offset: 0, head: '', headBytes: 0, tail: '', tailBytes: 0, skipping: false };
export const HEAD_BYTES = 1024;
export const TAIL_BYTES = 256;

export function hashOf(bytes: Uint8Array): string {
  return createHash('sha1').update(bytes).digest('hex');
}

/** Positions of all files that were ever followed, by device and inode. */
export class Positions {
  readonly #select: StatementSync;
  readonly #all: StatementSync;
  readonly #save: StatementSync;
  readonly #forget: StatementSync;
  readonly #forgetOld: StatementSync;

  constructor(database: DatabaseSync) {
    this.#select = database.prepare('SELECT * FROM positions WHERE file_key = ?');
    this.#all = database.prepare('SELECT * FROM positions');
    this.#save = database.prepare(
      `INSERT INTO positions (file_key, path, offset, head, head_bytes, tail, tail_bytes, skipping, seen_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (file_key) DO UPDATE SET path = excluded.path, offset = excluded.offset,
       head = excluded.head, head_bytes = excluded.head_bytes, tail = excluded.tail, tail_bytes = excluded.tail_bytes,
       skipping = excluded.skipping, seen_ms = excluded.seen_ms`,
    );
    this.#forget = database.prepare('DELETE FROM positions WHERE file_key = ?');
    this.#forgetOld = database.prepare('DELETE FROM positions WHERE seen_ms < ?');
  }

  get(key: string): Position | undefined {
    const row = this.#select.get(key);
    return row && positionOf(row);
  }

  all(): { key: string; position: Position }[] {
    return this.#all.all().map((row) => ({ key: textFrom(row['file_key']), position: positionOf(row) }));
  }

  /** Call in the transaction that stores the lines up to there. */
  save(key: string, path: string, position: Position, nowMs: number): void {
    const { offset, head, headBytes, tail, tailBytes, skipping } = position;
    this.#save.run(key, path, offset, head, headBytes, tail, tailBytes, skipping ? 1 : 0, nowMs);
  }

  forget(key: string): void {
    this.#forget.run(key);
  }

  forgetNotSeenSince(ms: number): void {
    this.#forgetOld.run(ms);
  }
}

function positionOf(row: Record<string, unknown>): Position {
  return {
    offset: numberOf(row['offset']),
    head: textFrom(row['head']),
    headBytes: numberOf(row['head_bytes']),
    tail: textFrom(row['tail']),
    tailBytes: numberOf(row['tail_bytes']),
    skipping: row['skipping'] === 1,
  };
}
