/** Follows a start: which part became ready, and which one never will. */
import { CannotRun } from '../../cli/failure.ts';
import { formatDuration } from '../../cli/output.ts';
import { until } from '../../wait.ts';
import type { StartOptions } from '../stack.ts';
import type { Container } from './containers.ts';

/** Elasticsearch and then Kibana, cold, on two busy cores. */
const READY_DEADLINE_MS = 15 * 60_000;
/** A part that ended this often before it was ever ready will not get there by itself. */
const HOPELESS_AFTER = 3;

export interface Watch {
  read(): Promise<Container[]>;
  /** Names of the parts that have to get ready. */
  parts: readonly string[];
  lastLogLines(part: string, count: number): Promise<string[]>;
}

/** @throws CannotRun naming the part that fails, with its last log lines and the cure. */
export async function untilAllReady(watch: Watch, { progress, signal }: StartOptions): Promise<void> {
  const began = performance.now();
  const told = new Set<string>();
  let seen: Container[] = [];
  const look = async () => {
    seen = await watch.read();
    for (const { name, state } of seen) {
      if (state !== 'ready' || told.has(name) || !watch.parts.includes(name)) continue;
      told.add(name);
      progress(`${name} is ready (${formatDuration(performance.now() - began)})`);
    }
    const hopeless = seen.find(
      ({ name, state, restarts }) => state === 'failed' || (!told.has(name) && restarts >= HOPELESS_AFTER),
    );
    return hopeless ?? (watch.parts.every((part) => told.has(part)) ? 'all' : undefined);
  };
  const outcome = await until('every part to be ready', look, {
    deadlineMs: READY_DEADLINE_MS,
    everyMs: 500,
    signal,
  }).catch((error: unknown) => {
    signal.throwIfAborted();
    const late = seen.find(({ state }) => state !== 'ready' && state !== 'waiting');
    if (!late) throw error;
    return late;
  });
  if (outcome !== 'all') throw await failure(watch, outcome);
}

async function failure(watch: Watch, part: Container): Promise<CannotRun> {
  const lines = (await watch.lastLogLines(part.name, 60)).filter((line) => !/^\s+at /.test(line)).slice(-10);
  return new CannotRun(
    [
      `${part.name} does not get ready: ${part.detail ?? part.state}`,
      ...(lines.length > 0 ? ['its last lines:', ...lines.map((line) => `  ${line}`)] : []),
      `all of them: \`docker compose logs ${part.name}\`; ${cureOf(part)}`,
    ].join('\n'),
  );
}

function cureOf({ name, outOfMemory, detail = '' }: Container): string {
  if (outOfMemory) return `raise mem_limit of ${name} in compose.yaml`;
  if (/password authentication failed/.test(detail))
    return 'the database has the passwords of another .env: put that back, or `make clean`';
  return '`make doctor` looks for the usual causes';
}
