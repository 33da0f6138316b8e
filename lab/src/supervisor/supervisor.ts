/**
 * Runs all parts: order, adoption of what a killed predecessor left, the record on disk, rotation of output.
 * Owns processes; leaves to others what the parts are and how it is asked (control-server.ts).
 */
import { existsSync } from 'node:fs';
import { endProcess } from '../process/end-process.ts';
import { isRunning, ownIdentity, withDescendants } from '../process/process-table.ts';
import { makePrivateFolder } from '../settings/private-folder.ts';
import { markedProcesses } from './leftovers.ts';
import { outputFile, rotateIfLarge } from './output-file.ts';
import { inDependencyOrder, type Part, type PartStatus } from './part.ts';
import { type BackOff, PartRunner } from './part-runner.ts';
import { readState, removeState, writeState } from './state-file.ts';

export interface SupervisorOptions {
  /** The lab's id: what its processes are marked with. */
  id: string;
  parts: readonly Part[];
  runFolder: string;
  logFolder: string;
  /** One line per event. */
  log(line: string): void;
  backOff?: BackOff;
  rotateEveryMs?: number;
  /** Called when the run folder vanished under the supervisor, after everything was stopped. */
  onLost?(): void;
}

export class Supervisor {
  readonly #options: SupervisorOptions;
  readonly #runners: Map<string, PartRunner>;
  #writing: Promise<void> = Promise.resolve();
  #rotation: NodeJS.Timeout | undefined;
  #stopping: Promise<void> | undefined;

  constructor(options: SupervisorOptions) {
    this.#options = options;
    const dependenciesReady = async (part: Part, signal: AbortSignal) => {
      await Promise.all(part.dependsOn.map((name) => this.#runner(name).whenReady(signal)));
    };
    this.#runners = new Map(
      inDependencyOrder(options.parts).map((part) => [
        part.name,
        new PartRunner({
          part,
          output: outputFile(options.logFolder, part.name),
          dependenciesReady: (signal) => dependenciesReady(part, signal),
          changed: (name, detail) => this.#changed(name, detail),
          ...(options.backOff ? { backOff: options.backOff } : {}),
        }),
      ]),
    );
  }

  /** Starts every part; takes over what still runs of a predecessor and ends what it cannot take over. */
  async start(): Promise<void> {
    const { runFolder, id, rotateEveryMs = 5_000 } = this.#options;
    await makePrivateFolder(runFolder);
    const recorded = (await readState(runFolder))?.parts.filter((part) => isRunning(part)) ?? [];
    const families = recorded.flatMap((part) => withDescendants(part.pid));
    for (const stray of [
      ...recorded.filter(({ name }) => !this.#runners.has(name)),
      ...markedProcesses(id, families),
    ]) {
      this.#options.log(`${stray.name} (pid ${stray.pid}) was left behind: ending it`);
      await endProcess(stray, { signal: stray.stopSignal, deadlineMs: 5_000 });
    }
    for (const runner of this.#runners.values()) {
      runner.start(recorded.find(({ name }) => name === runner.part.name));
    }
    this.#rotation = setInterval(() => this.#housekeeping(), rotateEveryMs);
  }

  /** Stops every part, those that depend on others first, and forgets the record. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stopAll();
    return this.#stopping;
  }

  status(): PartStatus[] {
    return [...this.#runners.values()].map((runner) => runner.status());
  }

  /** @throws Error for a name that is no part. */
  runner(name: string): PartRunner {
    return this.#runner(name);
  }

  async #stopAll(): Promise<void> {
    clearInterval(this.#rotation);
    const remaining = new Map(this.#runners);
    while (remaining.size > 0) {
      const needed = new Set(
        [...remaining.values()].flatMap(({ part }) => [...part.dependsOn, ...(part.leaves ?? [])]),
      );
      const free = [...remaining.values()].filter(({ part }) => !needed.has(part.name));
      await Promise.all(free.map((runner) => runner.stop()));
      for (const { part } of free) remaining.delete(part.name);
    }
    await this.#writing;
    await removeState(this.#options.runFolder);
  }

  #runner(name: string): PartRunner {
    const runner = this.#runners.get(name);
    if (!runner)
      throw new Error(`${name} is no part: expected one of ${[...this.#runners.keys()].join(', ')}`);
    return runner;
  }

  #changed(name: string, detail: string): Promise<void> {
    this.#options.log(`${name} ${detail}`);
    this.#writing = this.#writing
      .then(() => this.#write())
      .catch((error: unknown) => {
        // A full disk must not stop the parts; the mark in their environment still finds them.
        this.#options.log(`the record could not be written: ${String(error)}`);
      });
    return this.#writing;
  }

  async #write(): Promise<void> {
    const parts = [...this.#runners.values()]
      .map((runner) => runner.record())
      .filter((record) => record !== undefined);
    if (existsSync(this.#options.runFolder))
      await writeState(this.#options.runFolder, { supervisor: ownIdentity(), parts });
  }

  #housekeeping(): void {
    if (!existsSync(this.#options.runFolder)) {
      this.#options.log('the run folder is gone: stopping everything');
      void this.stop().finally(() => this.#options.onLost?.());
      return;
    }
    for (const name of [...this.#runners.keys(), 'supervisor']) {
      try {
        rotateIfLarge(outputFile(this.#options.logFolder, name));
      } catch (error) {
        this.#options.log(`the output of ${name} could not be rotated: ${String(error)}`);
      }
    }
  }
}
