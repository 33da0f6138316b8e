/**
 * Follows the log files of a folder into the store, each line exactly once: the position up to which a file was read changes in
 * the same transaction as its lines. Owns discovery, rotation, truncation and copies; leaves parsing and storing to others.
 */
import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import type { LogRow, LogWriter, WriteOutcome } from '../logs/log-writer.ts';
import { parseLine } from '../records/parse-line.ts';
import { FollowedFile, type Line, type Lines } from './followed-file.ts';
import { type Position, Positions, START } from './positions.ts';

export interface FollowerEvents {
  /** A batch was committed. */
  stored(outcome: WriteOutcome): void;
  /** Something a person may want to know, at most once per cause. */
  notice(message: string, fields: Record<string, unknown>): void;
}

export interface FollowerOptions {
  directory: string;
  writer: LogWriter;
  database: DatabaseSync;
  events: FollowerEvents;
  now?: () => number;
}

/** `a.log`, `a.log.1`, `a.log-20261122`, `a.1.log`; not what was compressed: that was read before. */
const LOG_NAME = /\.log(?:[.-][0-9A-Za-z_-]+)?$/;
const COMPRESSED = /\.(?:gz|bz2|xz|zst|zip|tmp)$/;
/** A removed or rotated file whose last line has no end yet is given this long to get one. */
const FINISH_AFTER_MS = 10_000;
const A_DAY_MS = 24 * 3600 * 1000;
const MAX_OPEN = 512;

export class LogFollower implements Disposable {
  readonly #files = new Map<string, FollowedFile>();
  readonly #unreadable = new Set<string>();
  readonly #options: FollowerOptions;
  readonly #positions: Positions;
  readonly #now: () => number;

  constructor(options: FollowerOptions) {
    this.#options = options;
    this.#positions = new Positions(options.database);
    this.#now = options.now ?? Date.now;
  }

  /** Files being followed. */
  get files(): number {
    return this.#files.size;
  }

  /**
   * Looks for new and gone files and reads at most one chunk of each.
   * @returns whether there is more to read at once.
   * @throws the database's error; nothing is lost, the call may be repeated.
   */
  pass(): boolean {
    this.#discover();
    // All before the first is read: reading a truncated file anew would overwrite what its copy is recognised by.
    for (const file of this.#files.values()) if (!file.recognised && file.size() > 0) this.#recognise(file);
    let more = false;
    for (const file of this.#files.values()) more = this.#advance(file) || more;
    return more;
  }

  /** Forgets the positions of files that have been gone for a week. */
  tidy(): void {
    for (const { key, path, position } of this.#files.values()) {
      if (position.offset > 0) this.#positions.save(key, path, position, this.#now());
    }
    this.#positions.forgetNotSeenSince(this.#now() - 7 * A_DAY_MS);
  }

  [Symbol.dispose](): void {
    for (const file of this.#files.values()) file[Symbol.dispose]();
    this.#files.clear();
  }

  #discover(): void {
    const present = new Set<string>();
    for (const name of this.#names()) {
      const path = join(this.#options.directory, name);
      const key = keyOf(path);
      if (key === undefined) continue;
      present.add(key);
      const known = this.#files.get(key);
      if (known) known.path = path;
      else if (this.#files.size < MAX_OPEN) this.#open(path, present);
      else this.#complain(path, `more than ${MAX_OPEN} log files: the rest is not read`);
    }
    for (const file of this.#files.values()) file.gone = !present.has(file.key);
  }

  #names(): string[] {
    try {
      return readdirSync(this.#options.directory).filter(
        (name) => LOG_NAME.test(name) && !COMPRESSED.test(name),
      );
    } catch (error) {
      // It is made by the first program that logs.
      if (isMissing(error)) return [];
      this.#complain(this.#options.directory, String(error));
      return [];
    }
  }

  #open(path: string, present: Set<string>): void {
    let file: FollowedFile;
    try {
      file = new FollowedFile(path, this.#now());
    } catch (error) {
      // Rotated away between listing and opening: found under its new name next time.
      if (!isMissing(error)) this.#complain(path, String(error));
      return;
    }
    this.#unreadable.delete(path);
    present.add(file.key);
    if (this.#files.has(file.key)) {
      file[Symbol.dispose]();
      return;
    }
    this.#files.set(file.key, file);
  }

  /** Where to begin: at the noted position; in a copy of a file we know (`copytruncate`), where that one was read up to. */
  #recognise(file: FollowedFile): void {
    file.recognised = true;
    const noted = this.#positions.get(file.key);
    if (noted && file.agreesWith(noted)) {
      file.position = noted;
      return;
    }
    const original = [...this.#files.values()].find(
      (other) =>
        other !== file &&
        other.copyOf === undefined &&
        file.beginsLike(other.position) &&
        other.agreesWith(other.position),
    );
    if (original) file.copyOf = original.key;
    else
      file.position =
        this.#positions.all().find(({ position }) => position.offset > 0 && file.agreesWith(position))
          ?.position ?? START;
  }

  #advance(file: FollowedFile): boolean {
    if (!file.recognised && !file.gone) return false;
    if (file.copyOf !== undefined && this.#isStillCopy(file, file.copyOf)) return false;
    const quiet = this.#now() - file.quietSinceMs >= FINISH_AFTER_MS;
    const finish = quiet && (file.gone || isRotated(file.path));
    if (!file.hasChanged() && (!finish || file.finished)) {
      if (finish && file.gone) this.#close(file);
      return false;
    }
    const read = this.#read(file, finish);
    if (read === 'failed') return false;
    if (!read) {
      this.#handOver(file, file.position);
      file.position = START;
      return true;
    }
    file.finished = finish;
    if (read.next.offset === file.position.offset) {
      if (finish && file.gone) this.#close(file);
      return false;
    }
    file.quietSinceMs = this.#now();
    this.#store(file, read.lines, read.next);
    return read.more || finish;
  }

  /** A disk that cannot be read keeps nobody from reading the other files. */
  #read(file: FollowedFile, finish: boolean): Lines | undefined | 'failed' {
    try {
      return file.read(finish);
    } catch (error) {
      this.#complain(file.path, String(error));
      this.#files.delete(file.key);
      file[Symbol.dispose]();
      return 'failed';
    }
  }

  #store(file: FollowedFile, lines: Line[], next: Position): void {
    const nowMs = this.#now();
    const name = basename(file.path);
    const rows: LogRow[] = [];
    let { lastMs } = file;
    for (const { text, cut, open } of lines) {
      const context = { service: file.service, ms: Math.min(lastMs, nowMs), latestMs: nowMs + A_DAY_MS };
      for (const line of parseLine(text, context, cut ? 'too-long' : open ? 'unterminated' : undefined)) {
        lastMs = line.ms;
        rows.push({ ...line, file: name });
      }
    }
    const outcome = this.#options.writer.write(rows, nowMs, () =>
      this.#positions.save(file.key, file.path, next, nowMs),
    );
    file.position = next;
    file.lastMs = lastMs;
    this.#options.events.stored(outcome);
  }

  /** A copy waits while its original can be read; it is read on from where that one ended when it was truncated. */
  #isStillCopy(file: FollowedFile, key: string): boolean {
    const original = this.#files.get(key);
    if (original?.agreesWith(original.position)) {
      const differs = file.size() >= original.position.offset && !file.agreesWith(original.position);
      // A copy made before cannot be longer than what it was made of: two programs began their logs alike.
      if (!differs && file.size() <= original.size()) return true;
      file.copyOf = undefined;
    } else if (original) this.#handOver(original, original.position);
    else file.copyOf = undefined;
    return false;
  }

  #handOver(original: FollowedFile, position: Position): void {
    for (const file of this.#files.values()) {
      if (file.copyOf !== original.key) continue;
      file.copyOf = undefined;
      file.position = file.agreesWith(position) ? position : START;
    }
  }

  #close(file: FollowedFile): void {
    this.#handOver(file, file.position);
    this.#files.delete(file.key);
    this.#positions.forget(file.key);
    file[Symbol.dispose]();
  }

  #complain(path: string, reason: string): void {
    if (this.#unreadable.has(path)) return;
    this.#unreadable.add(path);
    this.#options.events.notice('log file cannot be read', { 'file.path': path, 'error.message': reason });
  }
}

/** Device and inode of a regular file. */
function keyOf(path: string): string | undefined {
  try {
    const found = statSync(path, { bigint: true });
    return found.isFile() ? `${found.dev}:${found.ino}` : undefined;
  } catch {
    // Gone, or not for us: the attempt to open it says which.
    return undefined;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

/** Whether the name says that the file is no longer written to. */
function isRotated(path: string): boolean {
  return !path.endsWith('.log') || /\.\d+\.log$/.test(path);
}
