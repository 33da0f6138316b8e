import { close, closeSync, existsSync, fstatSync, mkdirSync, open, openSync } from 'node:fs';
import { rename, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import type { Destination } from './bounded-output.ts';
import { AsyncDescriptor, tryWriteSync } from './descriptor-writing.ts';

export interface FileOptions {
  /** `{hostname}` is replaced. */
  path: string;
  /** 0: never rotate. */
  maxBytes: number;
  keep: number;
  /** Told of rotations that fail; the file then goes on growing. */
  onError: (error: unknown) => void;
}

const openDescriptor = promisify(open);

/** How often the file is looked for, ms: it may have been removed or renamed by somebody else. */
const CHECK_EVERY_MS = 1_000;

/**
 * Appends to a file and rotates it by renaming (`app.log` → `app.log.1` → `app.log.2` …), so that a follower that holds the
 * old file open reads it to its end. A file that somebody removed or renamed is made anew. Everything in the thread pool.
 */
export class FileDestination implements Destination {
  readonly name = 'file';
  readonly #options: FileOptions;
  readonly #path: string;
  readonly #writing = new AsyncDescriptor();
  #descriptor: number | undefined;
  #inode = 0;
  #size = 0;
  #lastCheck = 0;
  #closed = false;

  constructor(options: FileOptions) {
    this.#options = options;
    this.#path = options.path.replaceAll('{hostname}', hostname());
  }

  beforeChunk(bytes: number): Promise<void> | undefined {
    if (this.#closed) return undefined;
    if (this.#descriptor === undefined) return this.#open();
    const { maxBytes } = this.#options;
    if (maxBytes > 0 && this.#size > 0 && this.#size + bytes > maxBytes) return this.#rotate();
    const now = performance.now();
    if (now - this.#lastCheck < CHECK_EVERY_MS) return undefined;
    this.#lastCheck = now;
    return this.#check();
  }

  write(bytes: Buffer, done: (error: NodeJS.ErrnoException | undefined, written: number) => void): void {
    if (this.#descriptor === undefined) {
      const code = this.#closed ? 'EBADF' : 'ENOENT';
      queueMicrotask(() => done(Object.assign(new Error(`${this.#path} is not open`), { code }), 0));
      return;
    }
    this.#writing.write(this.#descriptor, bytes, (error, written) => {
      this.#size += written;
      done(error, written);
    });
  }

  writeSync(bytes: Buffer): number | undefined {
    if (this.#closed) return undefined;
    if (this.#descriptor === undefined) {
      try {
        makeFolder(dirname(this.#path));
        this.#descriptor = openSync(this.#path, 'a', 0o644);
      } catch {
        // Not to be had; at exit there is nobody left to tell.
        return undefined;
      }
    }
    return tryWriteSync(this.#descriptor, bytes);
  }

  settleSync(deadline: number): number | undefined {
    return this.#descriptor === undefined ? 0 : this.#writing.settleSync(this.#descriptor, deadline);
  }

  close(): void {
    this.#closed = true;
    if (this.#descriptor !== undefined) closeSync(this.#descriptor);
    this.#descriptor = undefined;
  }

  async #open(): Promise<void> {
    try {
      makeFolder(dirname(this.#path));
      // The bare descriptor, not a FileHandle: at exit it has to be written to synchronously.
      const descriptor = await openDescriptor(this.#path, 'a', 0o644);
      const { ino, size } = fstatSync(descriptor);
      if (this.#closed) return closeSync(descriptor);
      this.#descriptor = descriptor;
      this.#inode = ino;
      this.#size = size;
    } catch (error) {
      this.#options.onError(error);
    }
  }

  async #rotate(): Promise<void> {
    const { keep } = this.#options;
    try {
      for (let index = keep - 1; index >= 1; index -= 1) {
        await rename(`${this.#path}.${index}`, `${this.#path}.${index + 1}`).catch(ignoreAbsent);
      }
      await rename(this.#path, `${this.#path}.1`).catch(ignoreAbsent);
    } catch (error) {
      this.#options.onError(error);
      this.#size = 0;
      return;
    }
    this.#letGo();
    await this.#open();
  }

  async #check(): Promise<void> {
    const there = await stat(this.#path).catch(() => undefined);
    if (there?.ino === this.#inode) return;
    this.#letGo();
    await this.#open();
  }

  #letGo(): void {
    if (this.#descriptor !== undefined) close(this.#descriptor, () => undefined);
    this.#descriptor = undefined;
  }
}

function ignoreAbsent(error: NodeJS.ErrnoException): void {
  if (error.code !== 'ENOENT') throw error;
}

/**
 * Parents first. `mkdir` with `recursive` would do, but in Node 24.21 it never returns where an existing parent answers ENOENT
 * (`/proc/x/y`), and holds a thread of the pool for ever. Synchronous, but only runs where a folder is missing.
 */
function makeFolder(path: string): void {
  const missing: string[] = [];
  for (let folder = path; !existsSync(folder) && dirname(folder) !== folder; folder = dirname(folder)) {
    missing.unshift(folder);
  }
  for (const folder of missing) mkdirSync(folder);
}
