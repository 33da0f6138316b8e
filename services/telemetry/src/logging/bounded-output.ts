/** Lines made into chunks, and chunks handed to sinks that may be slow, full or gone: bounded, counted, never waiting. */

/** Whole lines, encoded once and shared by all sinks. */
export interface Chunk {
  readonly bytes: Buffer;
  readonly records: number;
}

/** Where bytes go. `write` takes some of them now or later, and says how many. It must not block the event loop. */
export interface Destination {
  readonly name: string;
  write(bytes: Buffer, done: (error: NodeJS.ErrnoException | undefined, written: number) => void): void;
  /** At exit, when callbacks no longer run: writes what it can at once; undefined: would have to wait. */
  writeSync(bytes: Buffer): number | undefined;
  /** At exit: waits a moment for a write under way. @returns bytes of it that were written, or undefined when that cannot be known. */
  settleSync(deadline: number): number | undefined;
  /** Housekeeping between chunks: rotation, a file that was removed. */
  beforeChunk?(bytes: number): Promise<void> | undefined;
  close(): void;
}

/** First wait after a failed write, ms; doubles up to the last. */
const FIRST_RETRY_MS = 20;
const LAST_RETRY_MS = 1_000;

/** One destination and the chunks it still owes. */
export class BoundedSink {
  readonly #destination: Destination;
  readonly #maxBytes: number;
  readonly #onDrop: (records: number) => void;
  #chunks: Chunk[] = [];
  /** Bytes of the first chunk that are already written: a chunk that was begun is never dropped half-way. */
  #offset = 0;
  #owed = 0;
  #busy = false;
  #retryMs = FIRST_RETRY_MS;
  #retry: NodeJS.Timeout | undefined;
  #idleWaiters: (() => void)[] = [];

  constructor(destination: Destination, maxBytes: number, onDrop: (records: number) => void) {
    this.#destination = destination;
    this.#maxBytes = maxBytes;
    this.#onDrop = onDrop;
  }

  enqueue(chunk: Chunk): void {
    if (this.#owed + chunk.bytes.length > this.#maxBytes) {
      this.#onDrop(chunk.records);
      return;
    }
    this.#chunks.push(chunk);
    this.#owed += chunk.bytes.length;
    this.#pump();
  }

  /** Resolves once nothing is owed, or after `timeoutMs`. */
  async drained(timeoutMs: number): Promise<void> {
    if (this.#chunks.length === 0) return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, timeoutMs);
      this.#idleWaiters.push(() => {
        clearTimeout(timer);
        resolve();
      });
      this.#pump();
    });
  }

  /** At exit. What does not fit before `deadline` (performance.now) is lost. */
  drainSync(deadline: number): void {
    clearTimeout(this.#retry);
    if (this.#busy) {
      const written = this.#destination.settleSync(deadline);
      if (written === undefined) return;
      this.#advance(written);
    }
    while (this.#chunks[0] !== undefined) {
      const written = this.#destination.writeSync(this.#chunks[0].bytes.subarray(this.#offset));
      if (written === undefined) {
        if (performance.now() >= deadline) return;
        sleepSync(2);
      } else {
        this.#advance(written);
      }
    }
  }

  close(): void {
    clearTimeout(this.#retry);
    this.#destination.close();
  }

  #pump(): void {
    if (this.#busy || this.#retry !== undefined) return;
    const chunk = this.#chunks[0];
    if (chunk === undefined) return;
    this.#busy = true;
    const preparing = this.#offset === 0 ? this.#destination.beforeChunk?.(chunk.bytes.length) : undefined;
    if (preparing === undefined) this.#write(chunk);
    else preparing.then(() => this.#write(chunk));
  }

  #write(chunk: Chunk): void {
    this.#destination.write(chunk.bytes.subarray(this.#offset), (error, written) => {
      this.#busy = false;
      this.#advance(written);
      if (error !== undefined) this.#failed(error);
      else if (written > 0) this.#retryMs = FIRST_RETRY_MS;
      this.#pump();
    });
  }

  #failed(error: NodeJS.ErrnoException): void {
    // Nobody reads any more, or the descriptor is closed: what is owed has no way out. New lines try again, seldom.
    if (error.code === 'EPIPE' || error.code === 'EBADF') {
      this.#onDrop(this.#chunks.reduce((sum, { records }) => sum + records, 0));
      this.#chunks = [];
      this.#offset = 0;
      this.#owed = 0;
      this.#retryMs = LAST_RETRY_MS;
      this.#notifyIdle();
    }
    this.#retry = setTimeout(() => {
      this.#retry = undefined;
      this.#pump();
    }, this.#retryMs).unref();
    this.#retryMs = Math.min(this.#retryMs * 2, LAST_RETRY_MS);
  }

  #advance(written: number): void {
    const chunk = this.#chunks[0];
    if (chunk === undefined) return;
    this.#offset += written;
    this.#owed -= written;
    if (this.#offset < chunk.bytes.length) return;
    this.#chunks.shift();
    this.#offset = 0;
    if (this.#chunks.length === 0) this.#notifyIdle();
  }

  #notifyIdle(): void {
    for (const resolve of this.#idleWaiters.splice(0)) resolve();
  }
}

const sleeper = new Int32Array(new SharedArrayBuffer(4));

/** Stands still; only for the moments between `exit` and the end of the process. */
export function sleepSync(milliseconds: number): void {
  Atomics.wait(sleeper, 0, 0, milliseconds);
}
