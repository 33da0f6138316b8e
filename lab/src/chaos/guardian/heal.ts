/** Undoes a run whose owner is gone, from its note alone: the guardian's work, or the next command's where even he is gone. */
import { setTimeout as pause } from 'node:timers/promises';
import { CannotRun, describeError } from '../../cli/failure.ts';
import { isRunning } from '../../process/process-table.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import { openStackInUse } from '../../stack/open-stack.ts';
import { isUp, type Stack } from '../../stack/stack.ts';
import { until } from '../../wait.ts';
import { describeRollback, undo } from '../experiment/actions.ts';
import { targetOf } from '../target/target.ts';
import { postExperiment } from '../world/console-view.ts';
import { startBehindLateStops, stillUp } from './late-stops.ts';
import { type ChaosState, readState, removeState } from './state.ts';

export interface HealOptions {
  paths: LabPaths;
  settings: Settings;
  say(line: string): void;
}

const ATTEMPTS = 10;
const RETRY_MS = 2_000;
const OWNER_ENDS_MS = 90_000;

/** @throws Error naming what could not be undone; the note stays then, for the next attempt. */
export async function heal(state: ChaosState, options: HealOptions): Promise<void> {
  const stack = await openStackInUse(options.paths, options.settings);
  if (await isUp(stack)) await undoAll(state, stack, options);
  await removeState(options.paths.run);
}

/** Undoes every experiment of a run on a lab that is up. @throws Error as `heal`. */
export async function undoAll(state: ChaosState, stack: Stack, options: HealOptions): Promise<void> {
  const { paths, settings, say } = options;
  const target = targetOf({ paths, settings, stack, speed: state.speed, ttlSeconds: 1 });
  const left: string[] = [];
  const rollbacks = state.experiments.flatMap((each) => each.rollbacks);
  const toStart = rollbacks.flatMap((rollback) => (rollback.undo === 'start' ? [rollback.part] : []));
  const mayGoDown = await stillUp(stack, toStart);
  for (const rollback of rollbacks) {
    // The originals are loaded below, which undoes this as well.
    if (rollback.undo === 'restore-configuration') continue;
    await persistently(describeRollback(rollback), () => undo(rollback, target), say, left);
  }
  await persistently('load the configuration as written', () => stack.loadConfiguration(), say, left);
  for (const part of await startBehindLateStops(stack, mayGoDown, { forMs: stack.traits.lateStopMs }))
    say(`${part} went down late: started again`);
  await reportInterrupted(state, stack, settings, say);
  if (left.length > 0) throw new Error(`not undone: ${left.join('; ')}`);
}

async function persistently(
  what: string,
  work: () => Promise<void>,
  say: (line: string) => void,
  left: string[],
): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await work();
      return say(`done: ${what}`);
    } catch (error) {
      say(`${what}: attempt ${attempt} failed: ${describeError(error)}`);
      if (attempt === ATTEMPTS) {
        left.push(what);
        return;
      }
      await pause(RETRY_MS);
    }
  }
}

/** The console shows an experiment as running until it hears of its end. Not worth failing for. */
async function reportInterrupted(
  { experiments }: ChaosState,
  stack: Stack,
  { secrets }: Settings,
  say: (line: string) => void,
): Promise<void> {
  for (const { announcedAs, name } of experiments) {
    if (announcedAs === undefined) continue;
    await postExperiment(
      stack.addresses.console,
      secrets.LAB_TOKEN,
      `/${announcedAs}/end`,
      { endedAt: new Date().toISOString(), verdict: 'interrupted', result: {} },
      (milliseconds) => pause(milliseconds),
    ).catch((error: unknown) =>
      say(`the console could not be told that ${name} ended: ${describeError(error)}`),
    );
  }
}

/**
 * For commands that need a lab without an experiment in it: undoes what a dead run left.
 * @throws CannotRun where a run is going on.
 */
export async function healLeftovers(options: HealOptions): Promise<void> {
  const state = await readState(options.paths.run).catch(async (error: unknown) => {
    // Nothing can be read from it; faults end by themselves, and `make up` starts what is not running.
    options.say(`${describeError(error)}`);
    await removeState(options.paths.run);
    return undefined;
  });
  if (!state) return;
  if (isRunning(state.owner) && (state.kind === 'chaos' || (await isLabUp(options))))
    throw new CannotRun(
      state.kind === 'gameday'
        ? 'a game day is going on: `make reveal` ends it'
        : `\`lab chaos\` (pid ${state.owner.pid}) is at work on this lab: wait for it, or end it`,
    );
  options.say('an earlier experiment was cut off: undoing what it left');
  // A game day outlives its lab where somebody stopped that meanwhile.
  if (isRunning(state.owner)) await endOwner(state.owner);
  await heal(state, options);
}

async function isLabUp({ paths, settings }: HealOptions): Promise<boolean> {
  return isUp(await openStackInUse(paths, settings));
}

async function endOwner(owner: ChaosState['owner']): Promise<void> {
  process.kill(owner.pid, 'SIGTERM');
  await until('the former run to end', () => !isRunning(owner), { deadlineMs: OWNER_ENDS_MS });
}
