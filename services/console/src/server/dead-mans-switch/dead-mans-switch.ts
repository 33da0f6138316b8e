/**
 * Notices that alerts no longer arrive: the watchdog alert always fires, so its silence means that Prometheus, Alertmanager or
 * the way between them and us is broken. What was seen last is kept over a restart.
 */
import type { Logger } from '@lab/telemetry';
import type { DeadMansSwitch } from '../../contract/lab.ts';

export interface SwitchMemory {
  lastSeenMs: number | null;
  silentSinceMs: number | null;
  silences: number;
}

export interface SwitchOptions {
  /** How often the watchdog is due at time scale 1, seconds. */
  intervalSeconds: number;
  speed: number;
  memory: SwitchMemory;
  /** Keeps the memory; called at each change. */
  save: (memory: SwitchMemory) => void;
  onSilence: () => void;
  logger: Logger;
  now?: () => number;
}

/** Intervals that may pass without a watchdog: one may be late, and group and scrape intervals add up. */
const PATIENCE = 2.5;
/** At high time scales scheduling itself takes a share. Seconds. */
const LEAST_LIMIT = 5;

export class WatchdogSwitch {
  readonly #options: SwitchOptions;
  readonly #now: () => number;
  #memory: SwitchMemory;
  #speed: number;
  /** Nothing is due before: the console, or the time scale, is younger than the limit. */
  #countFromMs: number;

  constructor(options: SwitchOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#memory = options.memory;
    this.#speed = options.speed;
    this.#countFromMs = this.#now();
  }

  /** A watchdog arrived. */
  seen(): void {
    const silent = this.#memory.silentSinceMs !== null;
    this.#remember({ ...this.#memory, lastSeenMs: this.#now(), silentSinceMs: null });
    if (silent) this.#options.logger.info('watchdog arrives again', { 'event.action': 'watchdog-back' });
  }

  /** The time scale changed: what is due is due anew from now. */
  setSpeed(speed: number): void {
    if (speed === this.#speed) return;
    this.#speed = speed;
    this.#countFromMs = this.#now();
  }

  /** Looks whether the watchdog is overdue; to be called about every second. */
  check(): void {
    const last = Math.max(this.#memory.lastSeenMs ?? 0, this.#countFromMs);
    if (this.#memory.silentSinceMs !== null || this.#now() - last <= this.#limitSeconds() * 1000) return;
    this.#remember({ ...this.#memory, silentSinceMs: this.#now(), silences: this.#memory.silences + 1 });
    this.#options.onSilence();
    this.#options.logger.error('watchdog is silent: alerts do not arrive', {
      'event.action': 'watchdog-silent',
      'event.reason': `none for more than ${this.#limitSeconds()} s; Prometheus, Alertmanager or its route to the console is broken`,
    });
  }

  status(): DeadMansSwitch {
    const { lastSeenMs, silentSinceMs, silences } = this.#memory;
    const isRecent = lastSeenMs !== null && this.#now() - lastSeenMs <= this.#limitSeconds() * 1000;
    return {
      state: silentSinceMs !== null ? 'silent' : isRecent ? 'alive' : 'waiting',
      lastSeenAt: isoOf(lastSeenMs),
      silentSince: isoOf(silentSinceMs),
      intervalSeconds: this.#options.intervalSeconds / this.#speed,
      limitSeconds: this.#limitSeconds(),
      silences,
    };
  }

  /** For the metric: seconds; the console's start until the first watchdog. */
  lastSeenSeconds(): number {
    return (this.#memory.lastSeenMs ?? this.#countFromMs) / 1000;
  }

  #limitSeconds(): number {
    return Math.max(LEAST_LIMIT, (this.#options.intervalSeconds / this.#speed) * PATIENCE);
  }

  #remember(memory: SwitchMemory): void {
    this.#memory = memory;
    this.#options.save(memory);
  }
}

function isoOf(ms: number | null): string | null {
  return ms === null ? null : new Date(ms).toISOString();
}
