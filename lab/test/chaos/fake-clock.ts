import type { Clock } from '../../src/chaos/run/clock.ts';

interface Sleeper {
  due: number;
  wake(): void;
}

/** Time that stands still while anything is at work, and jumps to the next sleeper's hour when nothing is. */
export class FakeClock implements Clock {
  #now = 1_000_000_000_000;
  #sleepers: Sleeper[] = [];
  #on = true;

  constructor() {
    void this.#run();
  }

  now(): number {
    return this.#now;
  }

  sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const sleeper = { due: this.#now + milliseconds, wake: resolve };
    const abort = () => {
      this.#sleepers = this.#sleepers.filter((each) => each !== sleeper);
      reject(signal?.reason);
    };
    if (signal?.aborted) abort();
    else {
      this.#sleepers.push(sleeper);
      signal?.addEventListener('abort', abort, { once: true });
    }
    return promise;
  }

  stop(): void {
    this.#on = false;
  }

  async #run(): Promise<void> {
    while (this.#on) {
      // A few turns of the event loop: whatever was woken has gone back to sleep by then.
      for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
      const next = this.#sleepers.toSorted((one, other) => one.due - other.due)[0];
      if (!next) continue;
      this.#now = Math.max(this.#now, next.due);
      this.#sleepers = this.#sleepers.filter((each) => each !== next);
      next.wake();
    }
  }
}
