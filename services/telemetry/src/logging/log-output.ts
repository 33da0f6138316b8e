import type { BoundedSink } from './bounded-output.ts';

/** A chunk is handed on at the latest when it has this many characters. */
const CHUNK_CHARACTERS = 64 * 1024;
/** How long exit may wait for outputs that do not take their lines, ms. */
const EXIT_PATIENCE_MS = 500;

const open = new Set<LogOutput>();
let hooked = false;

/** Collects lines for at most `flushEveryMs` and gives them to every sink, encoded once. At exit it flushes synchronously. */
export class LogOutput {
  readonly #sinks: readonly BoundedSink[];
  readonly #flushEveryMs: number;
  #text = '';
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
    this.#text += line;
    this.#text += '\n';
    this.#records += 1;
    if (this.#text.length >= CHUNK_CHARACTERS) this.#handOn();
    else this.#timer ??= setTimeout(() => this.#handOn(), this.#flushEveryMs).unref();
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
    const chunk = { bytes: Buffer.from(this.#text), records: this.#records };
    this.#text = '';
    this.#records = 0;
    for (const sink of this.#sinks) sink.enqueue(chunk);
  }
}
