import type { BoundedSink } from './bounded-output.ts';

/** A chunk is handed on at the latest when it has this many bytes. */
const CHUNK_BYTES = 64 * 1024;
const LINE_FEED = 10;
/** Bytes that UTF-8 takes at most for a UTF-16 unit. */
const WIDEST = 3;
/** How long exit may wait for outputs that do not take their lines, ms. */
const EXIT_PATIENCE_MS = 500;

const open = new Set<LogOutput>();
let hooked = false;

/** Collects lines for at most `flushEveryMs` and gives them to every sink, encoded once. At exit it flushes synchronously. */
export class LogOutput {
  readonly #sinks: readonly BoundedSink[];
  readonly #flushEveryMs: number;
  /** Lines are encoded as they come: as strings they would outlive the young generation until the next flush. */
  #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  #length = 0;
  #records = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(sinks: readonly BoundedSink[], flushEveryMs: number) {
    this.#sinks = sinks;
    this.#flushEveryMs = flushEveryMs;
    open.add(this);
    if (!hooked) {
      hooked = true;
      process.on('exit', () => {
        for (const output of open) output.flushSync();
      });
    }
  }

  append(line: string): void {
    const most = line.length * WIDEST + 1;
    if (this.#length + most > CHUNK_BYTES) this.#handOn();
    if (most > CHUNK_BYTES) {
      this.#enqueue(Buffer.from(`${line}\n`), 1);
      return;
    }
    this.#length += this.#buffer.write(line, this.#length);
    this.#buffer[this.#length] = LINE_FEED;
    this.#length += 1;
    this.#records += 1;
    this.#timer ??= setTimeout(() => this.#handOn(), this.#flushEveryMs).unref();
  }

  /** Resolves once the sinks have taken everything, or after `timeoutMs`. */
  async flush(timeoutMs: number): Promise<void> {
    this.#handOn();
    await Promise.all(this.#sinks.map((sink) => sink.drained(timeoutMs)));
  }

  flushSync(): void {
    this.#handOn();
    const deadline = performance.now() + EXIT_PATIENCE_MS;
    for (const sink of this.#sinks) sink.drainSync(deadline);
  }

  /** Flushes, then lets go of files. Lines that come later are not written. */
  async close(timeoutMs: number): Promise<void> {
    await this.flush(timeoutMs);
    open.delete(this);
    for (const sink of this.#sinks) sink.close();
  }

  #handOn(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (this.#records === 0) return;
    const written = this.#buffer.subarray(0, this.#length);
    // A small chunk is copied, so that the sinks do not hold on to 64 KiB for the sake of a line.
    if (this.#length < CHUNK_BYTES / 4) this.#enqueue(Buffer.from(written), this.#records);
    else {
      this.#enqueue(written, this.#records);
      this.#buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
    }
    this.#length = 0;
    this.#records = 0;
  }

  #enqueue(bytes: Buffer, records: number): void {
    for (const sink of this.#sinks) sink.enqueue({ bytes, records });
  }
}
