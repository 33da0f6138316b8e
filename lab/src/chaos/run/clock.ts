import { setTimeout as pause } from 'node:timers/promises';

/** Time as experiments see it; tests hand in one that runs as fast as nothing happens. */
export interface Clock {
  /** Unix time, milliseconds. */
  now(): number;
  /** @throws the abort reason. */
  sleep(milliseconds: number, signal?: AbortSignal): Promise<void>;
}

export const wallClock: Clock = {
  now: () => Date.now(),
  sleep: async (milliseconds, signal) => {
    await pause(milliseconds, undefined, signal ? { signal } : {}).catch((error: unknown) => {
      throw signal?.aborted ? signal.reason : error;
    });
  },
};
