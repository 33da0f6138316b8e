import { Worker } from 'node:worker_threads';

/** One piece of a thread's work and rest, milliseconds. */
const PIECE_MS = 50;
const CALM = 0;
const BUSY = 1;

/** Source text: a thread of its own needs nothing of the service, neither its files nor its telemetry. */
const THREAD = `
  const { workerData: { state, share } } = require('node:worker_threads');
  const work = ${PIECE_MS} * share;
  for (;;) {
    Atomics.wait(state, 0, ${CALM});
    const end = performance.now() + work;
    while (performance.now() < end);
    if (share < 1) Atomics.wait(state, 1, 0, ${PIECE_MS} - work);
  }`;

/** Computes for nothing, beside the event loop: `cores` (2.5: two threads wholly and half of a third's time) until `stop`. */
export function burnCpu(cores: number): { setBusy(busy: boolean): void; stop(): void } {
  const state = new Int32Array(new SharedArrayBuffer(2 * Int32Array.BYTES_PER_ELEMENT));
  const threads = Array.from({ length: Math.ceil(cores) }, (_, index) => {
    const thread = new Worker(THREAD, {
      eval: true,
      workerData: { state, share: Math.min(1, cores - index) },
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2 },
    });
    thread.unref();
    return thread;
  });
  return {
    setBusy(busy) {
      Atomics.store(state, 0, busy ? BUSY : CALM);
      Atomics.notify(state, 0);
    },
    stop() {
      for (const thread of threads) void thread.terminate();
    },
  };
}
