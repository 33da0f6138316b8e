/** Looks at alerts and inbox several times a second for a whole run, and tells whoever waits for something. */
import { describeError } from '../../cli/failure.ts';
import { Chronicle } from './chronicle.ts';
import type { Clock } from './clock.ts';
import type { World } from './world.ts';

const EVERY_MS = 250;

export class Observer {
  readonly chronicle = new Chronicle();
  /** Why the last look at something failed; undefined while both are seen. Experiments that break the view are the rule here. */
  blind: string | undefined;
  readonly #world: World;
  readonly #clock: Clock;

  constructor(world: World, clock: Clock) {
    this.#world = world;
    this.#clock = clock;
  }

  /** Goes on until aborted; never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await this.look();
      // The abort ends the pause, and with it the loop.
      await this.#clock.sleep(EVERY_MS, signal).catch(() => undefined);
    }
  }

  async look(): Promise<void> {
    const [alerts, messages] = await Promise.allSettled([this.#world.activeAlerts(), this.#world.messages()]);
    if (alerts.status === 'fulfilled') this.chronicle.saw(this.#clock.now(), alerts.value);
    if (messages.status === 'fulfilled') this.chronicle.read(messages.value);
    const failed = [alerts, messages].find(({ status }) => status === 'rejected');
    this.blind = failed?.status === 'rejected' ? describeError(failed.reason) : undefined;
  }

  /** Waits until something is seen. @returns whether it was, within `deadline` (Unix milliseconds). */
  async until(seen: () => boolean, deadline: number, signal: AbortSignal): Promise<boolean> {
    for (;;) {
      signal.throwIfAborted();
      if (seen()) return true;
      if (this.#clock.now() >= deadline) return false;
      await this.#clock.sleep(EVERY_MS, signal);
    }
  }
}
