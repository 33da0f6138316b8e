/** Keeps one part running: starts it, waits until it serves, starts it again when it ends, stops it on request. */
import { setTimeout as pause } from 'node:timers/promises';
import { describeError } from '../cli/failure.ts';
import { endProcess, signalProcess, signalTree } from '../process/end-process.ts';
import type { Part, PartState, PartStatus } from './part.ts';
import { adoptPart, fingerprint, type PartProcess, spawnPart } from './part-process.ts';
import type { RecordedPart } from './state-file.ts';

export interface RunnerOptions {
  part: Part;
  /** File for the part's output. */
  output: string;
  /** Resolves when the parts this one depends on are ready. */
  dependenciesReady(signal: AbortSignal): Promise<void>;
  /** Called after every change of state or process; what it returns is awaited before the part goes on. */
  changed(name: string, detail: string): void | Promise<void>;
  backOff?: BackOff;
}

export interface BackOff {
  firstMs: number;
  maxMs: number;
  /** A part that was ready this long starts again from `firstMs`. */
  forgivenAfterMs: number;
}

const BACK_OFF: BackOff = { firstMs: 200, maxMs: 5_000, forgivenAfterMs: 10_000 };
const READY_LOOK_MS = 100;

export class PartRunner {
  readonly part: Part;
  readonly #options: RunnerOptions;
  readonly #backOff: BackOff;
  #state: PartState = 'stopped';
  #since = new Date();
  #paused = false;
  #restarts = 0;
  #failuresInARow = 0;
  #lastEnd: string | undefined;
  #notReady: string | undefined;
  #process: PartProcess | undefined;
  #fingerprint = '';
  #cycle: { stop: AbortController; done: Promise<void> } | undefined;
  /** Asked for while the part was being stopped. */
  #startsAgain = false;
  readonly #readyWaiters = new Set<() => void>();

  constructor(options: RunnerOptions) {
    this.part = options.part;
    this.#options = options;
    this.#backOff = options.backOff ?? BACK_OFF;
  }

  status(): PartStatus {
    return {
      name: this.part.name,
      state: this.#state,
      paused: this.#paused,
      pid: this.#process?.pid,
      since: this.#since.toISOString(),
      restarts: this.#restarts,
      lastEnd: this.#lastEnd,
      notReady: this.#state === 'starting' ? this.#notReady : undefined,
    };
  }

  /** What the next supervisor has to know; undefined while nothing runs. */
  record(): RecordedPart | undefined {
    if (!this.#process) return undefined;
    const { pid, startedAt } = this.#process;
    return {
      name: this.part.name,
      pid,
      startedAt,
      fingerprint: this.#fingerprint,
      since: this.#since.toISOString(),
      restarts: this.#restarts,
      stopSignal: this.part.stopSignal,
    };
  }

  /** Resolves when the part is ready, at once where it is; rejects with the abort reason. */
  async whenReady(signal: AbortSignal): Promise<void> {
    if (this.#state === 'ready') return;
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const abort = () => reject(signal.reason);
    this.#readyWaiters.add(resolve);
    signal.addEventListener('abort', abort, { once: true });
    try {
      signal.throwIfAborted();
      await promise;
    } finally {
      this.#readyWaiters.delete(resolve);
      signal.removeEventListener('abort', abort);
    }
  }

  /**
   * Starts the part, or takes over the process that a former supervisor left; nothing where it runs already. One that is being stopped
   * starts once it has ended: the last word counts.
   */
  start(leftover?: RecordedPart): void {
    if (this.#cycle) {
      this.#startsAgain = this.#cycle.stop.signal.aborted;
      return;
    }
    const stop = new AbortController();
    this.#failuresInARow = 0;
    // The cycle never rejects: its own failures become the part's last end.
    this.#cycle = { stop, done: this.#run(stop.signal, leftover) };
  }

  /** Stops the part and keeps it stopped. */
  async stop(): Promise<void> {
    this.#startsAgain = false;
    const cycle = this.#cycle;
    if (!cycle) return;
    cycle.stop.abort(new Error(`${this.part.name} is being stopped`));
    await cycle.done;
  }

  async restart(): Promise<void> {
    await this.stop();
    this.start();
  }

  /** kill -9 of the part's own process, as a crash would be: it is started again by itself. */
  kill(): boolean {
    return this.#process !== undefined && signalProcess(this.#process, 'SIGKILL');
  }

  /** Has the part read its configuration again, where it knows SIGHUP as that. */
  reload(): boolean {
    return this.#process !== undefined && signalProcess(this.#process, 'SIGHUP');
  }

  /** Stops the part's processes in their tracks; connections stay open and nothing answers. */
  async pause(): Promise<boolean> {
    if (!this.#process) return false;
    signalTree(this.#process, 'SIGSTOP');
    this.#paused = true;
    await this.#options.changed(this.part.name, 'paused');
    return true;
  }

  async resume(): Promise<boolean> {
    if (!this.#process) return false;
    signalTree(this.#process, 'SIGCONT');
    this.#paused = false;
    await this.#options.changed(this.part.name, 'resumed');
    return true;
  }

  async #run(stop: AbortSignal, leftover: RecordedPart | undefined): Promise<void> {
    try {
      await this.#enter('waiting');
      if (!leftover) await this.#options.dependenciesReady(stop);
      for (let first = true; !stop.aborted; first = false) {
        await this.#runOnce(stop, first ? leftover : undefined);
        if (stop.aborted) break;
        this.#restarts += 1;
        await this.#enter('back-off', this.#lastEnd);
        const { firstMs, maxMs } = this.#backOff;
        await pause(Math.min(maxMs, firstMs * 2 ** this.#failuresInARow), undefined, { signal: stop });
        this.#failuresInARow += 1;
      }
    } catch (error) {
      // A stop that was asked for interrupts every wait above; anything else is worth knowing.
      if (!stop.aborted) this.#lastEnd = describeError(error);
    } finally {
      this.#cycle = undefined;
      await this.#enter('stopped', stop.aborted ? undefined : this.#lastEnd);
      if (this.#startsAgain) {
        this.#startsAgain = false;
        this.start();
      }
    }
  }

  /** From a start to the end of the process, whoever ended it. */
  async #runOnce(stop: AbortSignal, leftover: RecordedPart | undefined): Promise<void> {
    const over = new AbortController();
    const either = AbortSignal.any([stop, over.signal]);
    let readyAt: number | undefined;
    try {
      const command = await this.part.prepare();
      stop.throwIfAborted();
      this.#fingerprint = fingerprint(command);
      this.#process = await this.#launch(command, leftover);
      const process = this.#process;
      this.#paused = false;
      await this.#enter('starting', `pid ${process.pid}`);
      const becomesReady = this.#untilReady(either).then(async () => {
        readyAt = performance.now();
        await this.#enter('ready');
      });
      // Being interrupted while not yet ready is no failure of its own: the end of the process says why.
      becomesReady.catch(() => undefined);
      const stopAsked = new Promise<void>((resolve) => {
        stop.addEventListener('abort', () => resolve(), { once: true });
        if (stop.aborted) resolve();
      });
      await Promise.race([process.ended, stopAsked]);
      over.abort(new Error('the process ended'));
      await becomesReady.catch(() => undefined);
      if (stop.aborted) await this.#end(process);
      this.#lastEnd = stop.aborted ? 'stopped' : await process.ended;
    } catch (error) {
      if (!stop.aborted) this.#lastEnd = describeError(error);
    } finally {
      this.#process = undefined;
      this.#paused = false;
      const served = readyAt === undefined ? 0 : performance.now() - readyAt;
      if (served >= this.#backOff.forgivenAfterMs) this.#failuresInARow = 0;
    }
  }

  async #launch(
    command: Parameters<typeof spawnPart>[0],
    leftover: RecordedPart | undefined,
  ): Promise<PartProcess> {
    if (leftover?.fingerprint === this.#fingerprint) {
      this.#restarts = leftover.restarts;
      return adoptPart(leftover);
    }
    if (leftover)
      await endProcess(leftover, { signal: leftover.stopSignal, deadlineMs: this.part.stopDeadlineMs });
    await this.part.beforeSpawn?.(command);
    return spawnPart(command, this.#options.output);
  }

  async #end(process: PartProcess): Promise<void> {
    await this.#enter('stopping');
    const { stopSignal: signal, stopDeadlineMs: deadlineMs } = this.part;
    const gentle = await endProcess(process, { signal, deadlineMs });
    await process.ended;
    if (!gentle)
      await this.#options.changed(this.part.name, `took longer than ${deadlineMs / 1000} s: ended by force`);
  }

  async #untilReady(signal: AbortSignal): Promise<void> {
    for (;;) {
      signal.throwIfAborted();
      if (await this.#look(signal)) break;
      await pause(READY_LOOK_MS, undefined, { signal });
    }
    signal.throwIfAborted();
    await this.part.afterReady?.();
  }

  async #look(signal: AbortSignal): Promise<boolean> {
    try {
      this.#notReady = undefined;
      return await this.part.isReady(signal);
    } catch (error) {
      this.#notReady = describeError(error);
      return false;
    }
  }

  async #enter(state: PartState, detail = ''): Promise<void> {
    this.#state = state;
    this.#since = new Date();
    await this.#options.changed(this.part.name, detail ? `${state}: ${detail}` : state);
    if (state !== 'ready') return;
    for (const resolve of this.#readyWaiters) resolve();
  }
}
