/** The open model: journeys begin when they are due, whatever became of those before. */

/** Requests or journeys a second: a number, or a function of the seconds since the start. */
export type Rate = number | ((elapsedSeconds: number) => number);

export interface ArrivalOptions {
  /** Journeys a second. */
  rate: Rate;
  mostAtOnce: number;
  /** Walks journey `index`; must not reject. */
  begin(index: number): Promise<void>;
}

export interface ArrivalReport {
  /** Journeys that the rate asked for. */
  due: number;
  begun: number;
  /** Not begun, because as many as allowed were under way. */
  turnedAway: number;
  underWay: number;
  /** How much later than due journeys began, at worst, seconds: the generator's own trouble, not the lab's. */
  worstLagSeconds: number;
}

/** How often it is looked whether somebody is due, ms. */
const TICK_MS = 5;

export class Arrivals {
  readonly #options: ArrivalOptions;
  readonly #timer: NodeJS.Timeout;
  readonly #underWay = new Set<Promise<void>>();
  readonly #began = performance.now();
  #rate: Rate;
  #last = this.#began;
  /** Journeys due so far, with their fraction. */
  #due = 0;
  #begun = 0;
  #handled = 0;
  #worstLagSeconds = 0;
  #stopped = false;

  constructor(options: ArrivalOptions) {
    this.#options = options;
    this.#rate = options.rate;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
  }

  set rate(rate: Rate) {
    this.#tick();
    this.#rate = rate;
  }

  /** Nobody begins after this. @returns the seconds for which people arrived. */
  stop(): number {
    if (!this.#stopped) this.#tick();
    this.#stopped = true;
    clearInterval(this.#timer);
    return (this.#last - this.#began) / 1000;
  }

  /** Until everybody who began has ended. */
  async settled(): Promise<void> {
    await Promise.all(this.#underWay);
  }

  report(): ArrivalReport {
    return {
      due: Math.floor(this.#due),
      begun: this.#begun,
      turnedAway: this.#handled - this.#begun,
      underWay: this.#underWay.size,
      worstLagSeconds: this.#worstLagSeconds,
    };
  }

  #tick(): void {
    if (this.#stopped) return;
    const now = performance.now();
    const passed = (now - this.#last) / 1000;
    // The rate at the middle of what has passed: exact for a ramp that is straight.
    const middle = (now + this.#last) / 2 - this.#began;
    const rate = Math.max(0, typeof this.#rate === 'number' ? this.#rate : this.#rate(middle / 1000));
    this.#last = now;
    const due = this.#due + rate * passed;
    while (this.#handled + 1 <= due) {
      this.#handled += 1;
      this.#worstLagSeconds = Math.max(this.#worstLagSeconds, (due - this.#handled) / rate);
      if (this.#underWay.size >= this.#options.mostAtOnce) continue;
      const walking = this.#options.begin(this.#begun);
      this.#begun += 1;
      this.#underWay.add(walking);
      void walking.finally(() => this.#underWay.delete(walking));
    }
    this.#due = due;
  }
}
