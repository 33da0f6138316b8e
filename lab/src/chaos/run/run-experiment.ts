/**
 * One experiment: hypothesis, method, what was promised of it, rollbacks, hypothesis again, nothing lost. Rollbacks run however it
 * ends. What it saw is recorded; judging is done elsewhere.
 */
import { describeError } from '../../cli/failure.ts';
import { describeAction, describeRollback, rollbacksOf } from '../experiment/actions.ts';
import type { Experiment, SteadyState } from '../experiment/schema.ts';
import { namedAlerts } from '../plan/facts.ts';
import type { Clock } from './clock.ts';
import type { Company } from './company.ts';
import type { Observer } from './observer.ts';
import type { ExperimentRecord } from './record.ts';
import { deliveryMs, GROUP_LIVES_MS, limitMs, type Timing } from './timing.ts';
import type { World } from './world.ts';

export interface Session {
  world: World;
  clock: Clock;
  observer: Observer;
  timing: Timing;
  steadyState: SteadyState;
  signal: AbortSignal;
  /** A line of progress about an experiment. */
  say(experiment: Experiment, text: string): void;
  /** Tells what is waited for just now: each time takes the place of the last. */
  stands?(text: string): void;
  /** How long to wait for a steady state before the method, wall-clock milliseconds. */
  patienceMs: number;
  /** Called right before the method: whoever is told of experiments is told now. Must not reject. */
  methodBegins?(record: ExperimentRecord): Promise<void>;
}

export interface Running {
  record: ExperimentRecord;
  /** Settles when the next experiment may begin: healed and accounted for, or never begun. */
  healed: Promise<void>;
  /** Settles when the last message arrived, or was waited for long enough. */
  over: Promise<void>;
}

const HYPOTHESIS_EVERY_MS = 500;
/** From when Alertmanager is due to send to its having done so. */
const TRIED_MS = 1_000;
const ROLLBACK_ATTEMPTS = 3;

export interface StartOptions {
  /** Alerts that are active for a reason that has nothing to do with this experiment. */
  tolerated: (alert: string) => boolean;
  /** The method stays until this settles, whatever fired: a person investigates. */
  hold?: Promise<void>;
  /** Those that run side by side with it. */
  company?: Company;
}

/** Begins an experiment. Neither promise rejects: what went wrong is in the record. */
export function startExperiment(experiment: Experiment, session: Session, options: StartOptions): Running {
  const { clock, signal } = session;
  const record: ExperimentRecord = {
    experiment,
    beganAt: clock.now(),
    deviations: [],
    failures: [],
    notUndone: [],
    interrupted: false,
  };
  const beside = options.company?.beside(experiment);
  if (beside) record.beside = beside;
  const guarded = async (work: () => Promise<void>) => {
    try {
      await work();
    } catch (error) {
      if (signal.aborted) record.interrupted = true;
      else record.failures.push(describeError(error));
    }
  };
  const healed = guarded(() => untilHealed(record, session, options));
  const over = healed
    // Who held it has seen what there was to see, and does not want to wait for messages.
    .then(() => (options.hold ? undefined : guarded(() => untilOver(record, session))))
    .then(() => {
      record.endedAt = clock.now();
    });
  return { record, healed, over };
}

async function untilHealed(record: ExperimentRecord, session: Session, options: StartOptions): Promise<void> {
  const { experiment } = record;
  const { world, clock, say, signal } = session;
  const { company } = options;
  let steady = false;
  try {
    record.deviations = await untilSteady(experiment, session, options);
    steady = record.deviations.length === 0;
  } finally {
    // The others are not kept waiting for one that does not begin.
    if (!steady) company?.leave();
  }
  if (!steady) return;
  say(experiment, 'the hypothesis holds');
  await company?.steady.come(signal);
  try {
    await method(record, session, options);
    await company?.seen.come(signal);
  } catch (error) {
    company?.seen.leave();
    throw error;
  } finally {
    await rollBack(record, session);
  }
  const heals = record.beside?.heals ?? experiment.heals;
  const deadline = (record.rollbackAt ?? clock.now()) + limitMs(heals, session.timing);
  const off = await untilHolds(experiment, session, deadline);
  if (off.length === 0) {
    record.healedAt = clock.now();
    say(
      experiment,
      `the hypothesis holds again ${seconds(clock.now() - (record.rollbackAt ?? 0))} after the rollback`,
    );
  } else {
    record.failures.push(`the hypothesis does not hold again: ${off.join('; ')}`);
  }
  const to = clock.now();
  record.impact = world.impact(record.methodFrom ?? to, to);
  record.losses = await world.losses(record.methodFrom ?? to, to);
  // Afterwards, over all that time: nothing waits for it while something is broken, and what was shown for a moment counts.
  if (!options.hold) record.shown = await world.shown(experiment, record.methodFrom ?? to, to);
}

/** @returns what is off at the deadline; nothing where all holds. */
async function untilSteady(
  experiment: Experiment,
  session: Session,
  { tolerated }: StartOptions,
): Promise<string[]> {
  const { observer, clock, steadyState, signal, patienceMs } = session;
  const deadline = clock.now() + patienceMs;
  for (;;) {
    signal.throwIfAborted();
    const checks = [...steadyState.hypothesis, ...experiment.hypothesis];
    const off = await session.world.deviations(checks);
    const active = observer.chronicle
      .active()
      .filter(({ alert }) => !tolerated(alert) && !(alert in steadyState.remembering.alerts))
      .map(({ alert, firingAt }) => `${alert} is ${firingAt === undefined ? 'pending' : 'firing'}`);
    const all = [...off, ...new Set(active)];
    if (all.length === 0) return [];
    if (clock.now() >= deadline) return all;
    session.stands?.(`${experiment.name}: waiting for a steady state: ${all.join('; ')}`);
    await clock.sleep(HYPOTHESIS_EVERY_MS, signal);
  }
}

async function untilHolds(experiment: Experiment, session: Session, deadline: number): Promise<string[]> {
  const { world, clock, steadyState, signal } = session;
  for (;;) {
    signal.throwIfAborted();
    const off = await world.deviations([...steadyState.hypothesis, ...experiment.hypothesis].filter(lasting));
    if (off.length === 0 || clock.now() >= deadline) return off;
    await clock.sleep(HYPOTHESIS_EVERY_MS, signal);
  }
}

/** A hypothesis about learned values speaks of the past: an experiment may well have moved it. */
function lasting({ query }: { query: string }): boolean {
  return !/\blab:/.test(query);
}

async function method(record: ExperimentRecord, session: Session, { hold }: StartOptions): Promise<void> {
  const { experiment } = record;
  const { world, clock, observer, timing, signal, say } = session;
  await session.methodBegins?.(record);
  await world.entrust(experiment, rollbacksOf(experiment));
  record.methodFrom = clock.now();
  for (const action of experiment.method) {
    signal.throwIfAborted();
    say(experiment, `method: ${describeAction(action)}`);
    await world.perform(action, experiment);
  }
  const at = clock.now();
  record.methodAt = at;
  const told = new Set<string>();
  const tell = (text: string) => {
    if (told.has(text)) return true;
    told.add(text);
    say(experiment, text);
    return true;
  };
  const { chronicle } = observer;
  const { must } = experiment.alerts;
  const from = record.methodFrom;
  const deliveryOf = (alert: string) =>
    deliveryMs(chronicle.firedWithin(alert, GROUP_LIVES_MS, from), timing);
  /** Looked at in whole, so that each alert is told of as it comes. */
  const arrived = () =>
    must
      .map(({ alert, inbox }) => {
        const fired = chronicle.fired(alert, from)[0];
        if (fired) tell(`${alert} fires after ${seconds((fired.firingAt ?? 0) - at)}`);
        const message = chronicle.message(alert, 'firing', from);
        if (message) tell(`${alert} is in the inbox after ${seconds(message.receivedAt - at)}`);
        if (fired?.firingAt === undefined) return false;
        if (inbox === 'hidden') return true;
        // Where the way is broken, Alertmanager has to have tried once: it tries again, but only what it has tried.
        if (inbox === 'late') return clock.now() >= fired.firingAt + deliveryOf(alert) + TRIED_MS;
        return message !== undefined;
      })
      .every(Boolean);
  if (hold) {
    const released = { now: false };
    void hold.then(() => {
      released.now = true;
    });
    const seen = () => {
      // Told of as it comes, though nothing depends on it.
      arrived();
      return released.now;
    };
    await observer.until(seen, Number.POSITIVE_INFINITY, signal);
    return;
  }
  const longest = Math.max(0, ...must.map(({ within }) => limitMs(within, timing)));
  const wait = Math.max(0, ...must.map(({ alert }) => deliveryOf(alert) + TRIED_MS));
  await observer.until(arrived, at + longest + wait, signal);
  const holdUntil = at + experiment.holds / timing.speed;
  await observer.until(() => clock.now() >= holdUntil, holdUntil, signal);
}

/** Each is tried again a few times, and none is left out because another failed. Never ends early: Ctrl-C waits for it. */
async function rollBack(record: ExperimentRecord, { world, clock, say }: Session): Promise<void> {
  if (record.methodFrom === undefined) return;
  const { experiment } = record;
  record.rollbackFrom = clock.now();
  for (const rollback of rollbacksOf(experiment)) {
    say(experiment, `rollback: ${describeRollback(rollback)}`);
    let failure: unknown;
    for (let attempt = 1; attempt <= ROLLBACK_ATTEMPTS; attempt += 1) {
      failure = await world.undo(rollback, experiment).then(
        () => undefined,
        (error: unknown) => error ?? 'unknown',
      );
      if (failure === undefined) break;
      await clock.sleep(500 * attempt);
    }
    if (failure === undefined) continue;
    record.notUndone.push(rollback);
    record.failures.push(`rollback ${describeRollback(rollback)} failed: ${describeError(failure)}`);
  }
  // What could not be undone stays with the guardian.
  await world.entrust(experiment, record.notUndone).catch((error: unknown) => {
    record.failures.push(`the guardian could not be told: ${describeError(error)}`);
  });
  record.rollbackAt = clock.now();
}

/** Until every alert of the experiment has ended and the inbox has heard of those that were promised. */
async function untilOver(
  record: ExperimentRecord,
  { observer, timing, signal, say }: Session,
): Promise<void> {
  if (record.methodFrom === undefined || record.rollbackFrom === undefined || record.interrupted) return;
  const { experiment, methodFrom, rollbackFrom } = record;
  const { chronicle } = observer;
  const { must } = experiment.alerts;
  const own = new Set(namedAlerts(experiment));
  // Pending ones, too: what this experiment set off may fire yet, and would be nobody's.
  const ended = () => chronicle.active().every(({ alert }) => !own.has(alert) || remembers(alert));
  const heard = () =>
    must.every(
      ({ alert, inbox }) =>
        inbox === 'hidden' ||
        chronicle.message(alert, 'firing', methodFrom) === undefined ||
        chronicle.message(alert, 'resolved', rollbackFrom) !== undefined,
    );
  const late = () =>
    must.every(
      ({ alert, inbox }) => inbox !== 'late' || chronicle.message(alert, 'firing', methodFrom) !== undefined,
    );
  const deadline = (record.rollbackAt ?? rollbackFrom) + limitMs(experiment.resolves, timing);
  const done = await observer.until(() => ended() && late() && heard(), deadline, signal);
  if (done && must.length > 0) say(experiment, 'every alert is over, and the inbox has heard of it');
}

/** Tickets of slow burn rates look back hours at any scale; they are nobody's end. */
function remembers(alert: string): boolean {
  return /^ErrorBudgetBurn/.test(alert);
}

function seconds(milliseconds: number): string {
  return `${(Math.max(0, milliseconds) / 1000).toFixed(1)} s`;
}
