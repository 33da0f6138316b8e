/** Follows a start, whichever driver began it: which part became ready, and which one never will. */
import { CannotRun } from '../cli/failure.ts';
import { formatDuration } from '../cli/output.ts';
import { until } from '../wait.ts';
import type { PartReport, StartOptions } from './stack.ts';

/** A part that ended this often before it was ever ready will not get there by itself. */
const HOPELESS_AFTER = 3;

type Followed = Pick<PartReport, 'name' | 'state' | 'restarts' | 'detail'>;

export interface Watch<P extends Followed> {
  /** One look at the parts, with the restarts since the start. */
  read(): Promise<P[]>;
  /** Whether the start is over. @param told names of the parts that have been ready. */
  isComplete(parts: readonly P[], told: ReadonlySet<string>): boolean;
  /** Names of the parts that were ready before: nothing is said of them. */
  before?: readonly string[];
  lastLogLines(part: string, count: number): Promise<string[]>;
  /** Where the whole log is, and what to do. */
  cureOf(part: P): string;
  deadlineMs: number;
  everyMs?: number;
}

/** @throws CannotRun naming the part that fails, with its last log lines and the cure. */
export async function untilAllReady<P extends Followed>(
  watch: Watch<P>,
  { progress, signal }: StartOptions,
): Promise<void> {
  const { deadlineMs, everyMs = 100 } = watch;
  const began = performance.now();
  const told = new Set(watch.before);
  let seen: P[] = [];
  const look = async () => {
    seen = await watch.read();
    for (const { name, state } of seen) {
      if (state !== 'ready' || told.has(name)) continue;
      told.add(name);
      progress(`${name} is ready (${formatDuration(performance.now() - began)})`);
    }
    const hopeless = seen.find(
      ({ name, state, restarts }) => state === 'failed' || (!told.has(name) && restarts >= HOPELESS_AFTER),
    );
    return hopeless ?? (watch.isComplete(seen, told) ? 'all' : undefined);
  };
  const outcome = await until('every part to be ready', look, { deadlineMs, everyMs, signal }).catch(
    (error: unknown) => {
      signal.throwIfAborted();
      const late = seen.find(({ state }) => state !== 'ready' && state !== 'waiting');
      if (!late) throw error;
      return late;
    },
  );
  if (outcome !== 'all') throw await failure(watch, outcome);
}

async function failure<P extends Followed>(watch: Watch<P>, part: P): Promise<CannotRun> {
  // Frames of a stack would crowd out the message above them.
  const said = (await watch.lastLogLines(part.name, 60)).filter((line) => !/^\s+at /.test(line));
  const lines = said.slice(-10);
  return new CannotRun(
    [
      `${part.name} does not get ready: ${part.detail ?? part.state}`,
      ...(lines.length > 0 ? ['its last lines:', ...lines.map((line) => `  ${line}`)] : []),
      `all of them: ${watch.cureOf(part)}`,
    ].join('\n'),
  );
}
