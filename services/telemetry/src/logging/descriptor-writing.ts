import { fstatSync, write, writeSync } from 'node:fs';
import { sleepSync } from './bounded-output.ts';

type Done = (error: NodeJS.ErrnoException | undefined, written: number) => void;

/** Writes to a regular file in libuv's thread pool, so that a slow disk does not hold up the event loop. */
export class AsyncDescriptor {
  #pending: { bytes: number; sizeBefore: number } | undefined;

  /** One write at a time. */
  write(descriptor: number, bytes: Buffer, done: Done): void {
    this.#pending = { bytes: bytes.length, sizeBefore: sizeOf(descriptor) };
    write(descriptor, bytes, 0, bytes.length, null, (error, written) => {
      this.#pending = undefined;
      done(error ?? undefined, written ?? 0);
    });
  }

  /** At exit: the thread goes on writing although callbacks no longer run, and the file's size tells when it is done. */
  settleSync(descriptor: number, deadline: number): number | undefined {
    const pending = this.#pending;
    if (pending === undefined) return 0;
    for (;;) {
      const written = sizeOf(descriptor) - pending.sizeBefore;
      if (written >= pending.bytes) return pending.bytes;
      if (performance.now() >= deadline) return undefined;
      sleepSync(1);
    }
  }
}

/** Writes at once; undefined where the descriptor would have to wait, or cannot take it. */
export function tryWriteSync(descriptor: number, bytes: Buffer): number | undefined {
  try {
    return writeSync(descriptor, bytes);
  } catch {
    // EAGAIN: full; anything else: gone. At exit there is nobody left to tell.
    return undefined;
  }
}

function sizeOf(descriptor: number): number {
  try {
    return fstatSync(descriptor).size;
  } catch {
    // Not a file that has a size; then settling ends at its deadline.
    return Number.NaN;
  }
}
