/** Experiments that run side by side: begun in the same moment on a calm lab, and undone together when each has seen what it waits for. */

import type { Experiment } from '../experiment/schema.ts';

/** A place where several wait for each other. Who does not come leaves, and is waited for no more. */
export class Meeting {
  #missing: number;
  readonly #all = Promise.withResolvers<void>();

  constructor(expected: number) {
    this.#missing = expected;
  }

  /** Resolves when everybody has come or left. @throws the abort reason. */
  async come(signal: AbortSignal): Promise<void> {
    this.leave();
    signal.throwIfAborted();
    const aborted = Promise.withResolvers<never>();
    const abort = () => aborted.reject(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    try {
      await Promise.race([this.#all.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', abort);
    }
  }

  leave(): void {
    this.#missing -= 1;
    if (this.#missing <= 0) this.#all.resolve();
  }
}

export class Company {
  /** Each waits here on a steady lab, before its method. */
  readonly steady: Meeting;
  /** Each waits here when it has seen what it promised, before its rollbacks. */
  readonly seen: Meeting;
  readonly #experiments: readonly Experiment[];

  constructor(experiments: readonly Experiment[]) {
    this.#experiments = experiments;
    this.steady = new Meeting(experiments.length);
    this.seen = new Meeting(experiments.length);
  }

  /** One of them does not begin. */
  leave(): void {
    this.steady.leave();
    this.seen.leave();
  }

  /** What the others mean for one of them; undefined where there are none. */
  beside(experiment: Experiment): Beside | undefined {
    const others = this.#experiments.filter((each) => each !== experiment);
    if (others.length === 0) return undefined;
    return {
      names: others.map(({ name }) => name),
      users: {
        errorRatio: Math.max(...others.map(({ users }) => users.errorRatio)),
        p95Seconds: Math.max(...others.map(({ users }) => users.p95Seconds)),
      },
      heals: Math.max(...this.#experiments.map(({ heals }) => heals)),
    };
  }
}

export interface Beside {
  names: readonly string[];
  /** The most that any of the others lets users notice. */
  users: { errorRatio: number; p95Seconds: number };
  /** The lab is whole again when the last of all has healed: the longest time that any of them may take, milliseconds of production. */
  heals: number;
}
