/** Calls into a worker thread: typed methods, errors that keep their name, events in the other direction. */
import { once } from 'node:events';
import { parentPort, Worker } from 'node:worker_threads';

/** What a thread offers. Parameters and results are structured-cloned. */
// biome-ignore lint/suspicious/noExplicitAny: any parameter type must fit here; each call is checked against the thread's own type.
export type Methods = Record<string, (parameters: any) => unknown>;

type Parameters1<M extends Methods, K extends keyof M> = Parameters<M[K]>[0];
type Result<M extends Methods, K extends keyof M> = Awaited<ReturnType<M[K]>>;

interface Call {
  call: number;
  method: string;
  parameters: unknown;
}
type Answer =
  | { call: number; result: unknown }
  | { call: number; error: { name: string; message: string; details: Record<string, unknown> } }
  | { event: unknown };

/** An error that was thrown in the thread; `name` and own properties are the original's. */
export class ThreadError extends Error {
  readonly details: Readonly<Record<string, unknown>>;
  constructor(name: string, message: string, details: Record<string, unknown>) {
    super(message);
    this.name = name;
    this.details = details;
  }
}

/** More calls are waiting for the thread than it is allowed to keep waiting. Answer 503. */
export class ThreadBusyError extends Error {
  override name = 'ThreadBusyError';
}

interface Waiting {
  message: Call;
  transfer: ArrayBuffer[];
  signal: AbortSignal | undefined;
  resolve: (value: unknown) => void;
  reject: (error: unknown) => void;
}

export interface ThreadOptions {
  /** Module that calls `serve`. */
  module: URL;
  name: string;
  /** Handed to the thread as `workerData`. */
  data: unknown;
  /** Calls that may wait at most; beyond, `call` rejects with ThreadBusyError. Default 200. */
  maxWaiting?: number;
  /**
   * The thread is started with the first call, and ended when it had none for so long: it costs some 20 MB.
   * Default: started at once, never ended.
   */
  idleMs?: number;
  /** Bounds of its heap, MB. */
  heap: { young: number; old: number };
  onEvent?: (event: unknown) => void;
  /** The thread ended by itself: the program cannot go on. */
  onDeath: (error: Error) => void;
}

/** The caller's end. One call is in the thread at a time, so that one given up while waiting costs it nothing. */
export class Thread<M extends Methods> {
  #worker: Worker | undefined;
  #idle: NodeJS.Timeout | undefined;
  readonly #options: ThreadOptions;
  readonly #waiting: Waiting[] = [];
  #current: Waiting | undefined;
  #next = 1;
  #ended: Error | undefined;

  constructor(options: ThreadOptions) {
    this.#options = options;
    if (options.idleMs === undefined) this.#worker = this.#start();
  }

  /** @throws ThreadError what the method threw; ThreadBusyError; the signal's reason when given up before it began. */
  call<K extends keyof M & string>(
    method: K,
    parameters: Parameters1<M, K>,
    { signal, transfer = [] }: { signal?: AbortSignal | undefined; transfer?: ArrayBuffer[] } = {},
  ): Promise<Result<M, K>> {
    if (this.#ended) return Promise.reject(this.#ended);
    if (this.#waiting.length >= (this.#options.maxWaiting ?? 200)) {
      return Promise.reject(
        new ThreadBusyError(`${this.#waiting.length} calls are waiting for ${this.#options.name}`),
      );
    }
    return new Promise((resolve, reject) => {
      const message = { call: this.#next++, method, parameters };
      this.#waiting.push({ message, transfer, signal, resolve: resolve as (value: unknown) => void, reject });
      this.#pump();
    });
  }

  /** Lets the current call finish, rejects those that wait, ends the thread. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#ended = new Error(`thread ${this.#options.name} was closed`);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
    clearTimeout(this.#idle);
    if (!this.#worker) return;
    const exited = once(this.#worker, 'exit');
    this.#worker.postMessage({ close: true });
    await exited;
    this.#current?.reject(this.#ended);
  }

  #start(): Worker {
    const { module, data, name, heap } = this.#options;
    const worker = new Worker(module, {
      workerData: data,
      name,
      // Without the parent's flags: `--import` would start its instrumentation again in here.
      execArgv: [],
      resourceLimits: { maxYoungGenerationSizeMb: heap.young, maxOldGenerationSizeMb: heap.old },
    });
    worker.on('message', (answer: Answer) => this.#answered(answer));
    worker.on('error', (error) =>
      this.#died(worker, error instanceof Error ? error : new Error(String(error))),
    );
    worker.on('exit', (code) => this.#died(worker, new Error(`thread ${name} ended with ${code}`)));
    return worker;
  }

  /** Nothing was asked for a while: the thread ends by itself, a later call starts another. */
  #rest(): void {
    const worker = this.#worker;
    this.#worker = undefined;
    worker?.postMessage({ close: true });
  }

  #pump(): void {
    while (!this.#current) {
      const next = this.#waiting.shift();
      if (!next) return;
      if (next.signal?.aborted) {
        next.reject(next.signal.reason);
        continue;
      }
      clearTimeout(this.#idle);
      this.#worker ??= this.#start();
      try {
        this.#worker.postMessage(next.message, next.transfer);
        this.#current = next;
      } catch (error) {
        // What cannot be cloned never gets there.
        next.reject(error);
      }
    }
  }

  #answered(answer: Answer): void {
    if ('event' in answer) {
      this.#options.onEvent?.(answer.event);
      return;
    }
    const current = this.#current;
    if (current?.message.call !== answer.call) return;
    this.#current = undefined;
    if ('error' in answer)
      current.reject(new ThreadError(answer.error.name, answer.error.message, answer.error.details));
    else current.resolve(answer.result);
    this.#pump();
    const { idleMs } = this.#options;
    if (idleMs !== undefined && !this.#current) this.#idle = setTimeout(() => this.#rest(), idleMs).unref();
  }

  #died(worker: Worker, error: Error): void {
    // One that was told to end is not missed.
    if (this.#ended || worker !== this.#worker) return;
    this.#ended = error;
    this.#current?.reject(error);
    for (const { reject } of this.#waiting.splice(0)) reject(error);
    this.#options.onDeath(error);
  }
}

/**
 * The thread's end: answers calls with `methods`. `close` runs when the caller closes the thread, which then ends.
 * @returns a function that sends an event to the caller.
 */
export function serve(methods: Methods, close: () => void | Promise<void>): (event: unknown) => void {
  const port = parentPort;
  if (!port) throw new Error('expected to run in a worker thread');
  port.on('message', async (message: Call | { close: true }) => {
    if ('close' in message) {
      await close();
      port.close();
      return;
    }
    const { call, method, parameters } = message;
    try {
      const result = await methods[method]?.(parameters);
      port.postMessage({ call, result });
    } catch (error) {
      const { name, message: text } = error instanceof Error ? error : new Error(String(error));
      port.postMessage({ call, error: { name, message: text, details: plain(error) } });
    }
  });
  return (event) => port.postMessage({ event });
}

/** Ends the thread with that error, and with it the program: for what only a new start can put right. Called in the thread. */
export function endThread(error: Error): void {
  // Uncaught on purpose, and not in the caller's way.
  setImmediate(() => {
    throw error;
  });
}

/** Own properties of an error that survive cloning. */
function plain(error: unknown): Record<string, unknown> {
  if (!(error instanceof Error)) return {};
  return Object.fromEntries(
    Object.entries(error).filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value)),
  );
}
