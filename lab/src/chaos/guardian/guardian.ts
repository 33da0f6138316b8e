/** The owner's side of the guardian: starts it before anything is done, and keeps the note by which it undoes. */
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRun } from '../../cli/failure.ts';
import { ownIdentity } from '../../process/process-table.ts';
import type { LabPaths } from '../../settings/paths.ts';
import { makePrivateFolder } from '../../settings/private-folder.ts';
import { lastLines, outputFile } from '../../supervisor/output-file.ts';
import { startDetached } from '../../supervisor/start-detached.ts';
import { until } from '../../wait.ts';
import type { Rollback } from '../experiment/actions.ts';
import { type ChaosState, removeState, writeState } from './state.ts';

export interface GuardianOptions {
  paths: LabPaths;
  id: string;
  kind: ChaosState['kind'];
  speed: number;
  /** After which it undoes everything though the owner lives. */
  ttlSeconds: number;
}

export class Guardian {
  readonly #paths: LabPaths;
  readonly #state: ChaosState;
  /** Writes follow one another. */
  #writing: Promise<void> = Promise.resolve();

  private constructor(paths: LabPaths, state: ChaosState) {
    this.#paths = paths;
    this.#state = state;
  }

  /** Notes that a run begins and starts the detached process that undoes it. @throws CannotRun where that does not start. */
  static async start({ paths, id, kind, speed, ttlSeconds }: GuardianOptions): Promise<Guardian> {
    await makePrivateFolder(paths.run);
    const guardian = new Guardian(paths, {
      id,
      kind,
      speed,
      owner: ownIdentity(),
      deadline: new Date(Date.now() + ttlSeconds * 1000).toISOString(),
      experiments: [],
    });
    await guardian.#write();
    try {
      await spawnGuardian(paths);
    } catch (error) {
      await removeState(paths.run);
      throw error;
    }
    return guardian;
  }

  /** From now on, these rollbacks undo the experiment; none: it is undone. */
  entrust(name: string, rollbacks: readonly Rollback[]): Promise<void> {
    const known = this.#of(name);
    known.rollbacks = [...rollbacks];
    return this.#write();
  }

  /** The console knows it under this id, and is to be told if it is cut off; undefined: it was told of its end. */
  announced(name: string, id: string | undefined): Promise<void> {
    const known = this.#of(name);
    if (id === undefined) delete known.announcedAs;
    else known.announcedAs = id;
    return this.#write();
  }

  /** The id under which the console knows an experiment that it has not heard the end of. */
  announcedAs(name: string): string | undefined {
    return this.#state.experiments.find((each) => each.name === name)?.announcedAs;
  }

  /** Nothing is left to undo: the guardian ends. */
  async release(): Promise<void> {
    await this.#writing;
    await removeState(this.#paths.run);
  }

  #of(name: string): ChaosState['experiments'][number] {
    const known = this.#state.experiments.find((each) => each.name === name);
    if (known) return known;
    const added = { name, startedAt: new Date().toISOString(), rollbacks: [] };
    this.#state.experiments.push(added);
    return added;
  }

  #write(): Promise<void> {
    this.#writing = this.#writing.then(() => writeState(this.#paths.run, this.#state));
    return this.#writing;
  }
}

export function readyFile(paths: LabPaths): string {
  return join(paths.run, 'chaos-guardian.pid');
}

async function spawnGuardian(paths: LabPaths): Promise<void> {
  const output = outputFile(paths.logs, 'guardian');
  await rm(readyFile(paths), { force: true });
  const child = await startDetached(paths, {
    program: join(import.meta.dirname, 'guardian-main.ts'),
    flags: ['--max-old-space-size=64'],
    output,
  });
  await until(
    'the guardian to be at its post',
    async () => (await readFile(readyFile(paths), 'utf8')).trim() === String(child.pid),
    { deadlineMs: 20_000, everyMs: 50 },
  ).catch(async () => {
    const lines = await lastLines(output, 5);
    throw new CannotRun(['the guardian does not start:', ...lines.map((line) => `  ${line}`)].join('\n'));
  });
}
