/**
 * A suite of experiments: several side by side where their parts and alerts do not touch, and the next ones as soon as the former have
 * healed, while the last messages about their alerts are still awaited: they come with Alertmanager's group interval, and nothing is
 * gained by looking on. Which may begin when is decided in ../plan; this starts them and charges alerts to them.
 */

import type { JudgedPromise } from 'lab-console/contract/experiments';
import { describeError } from '../../cli/failure.ts';
import { isDisturbed, type Judgement, judge, judgeGate } from '../contract/judge.ts';
import type { Experiment } from '../experiment/schema.ts';
import { chooseNext, type Former } from '../plan/choose-next.ts';
import { type Facts, namedAlerts } from '../plan/facts.ts';
import type { Episode } from './chronicle.ts';
import { Company } from './company.ts';
import type { ExperimentRecord } from './record.ts';
import { type Running, type Session, startExperiment } from './run-experiment.ts';
import { formersOf } from './unfinished.ts';

export interface JudgedExperiment {
  record: ExperimentRecord;
  judgement: Judgement;
}

/** An experiment whose promises to users another one beside it broke. It was run again by itself, and that is what counts. */
export interface Disturbance {
  experiment: string;
  by: readonly string[];
  /** The broken promises, with what was seen. */
  broken: readonly string[];
}

export interface SuiteResult {
  experiments: JudgedExperiment[];
  disturbances: Disturbance[];
  /** Alerts that fired on no experiment's watch. */
  falseAlarmsBetween: string[];
  /** About the dashboards as they are after the last experiment; none where the lab is too young for some panel. */
  afterwards: JudgedPromise[];
}

export interface SuiteHooks {
  ended?(judged: JudgedExperiment): Promise<void> | void;
  /** It is run again by itself; the verdict of this run counts only where that does not come about. */
  disturbed?(judged: JudgedExperiment, disturbance: Disturbance): Promise<void> | void;
  hold?: Promise<void>;
}

export interface SuitePlan {
  facts: Facts;
  /** How many experiments may run side by side. */
  lanes: number;
}

const LOOK_AGAIN_MS = 250;

/**
 * Runs them all. Never rejects because of one: an interrupted suite ends early with what it has.
 */
export async function runSuite(
  experiments: readonly Experiment[],
  session: Session,
  plan: SuitePlan,
  hooks: SuiteHooks = {},
): Promise<SuiteResult> {
  // What is active already is not this run's doing.
  await session.observer.look();
  await session.clock.sleep(1);
  const begunAt = session.clock.now();
  let burning: Burning | undefined;
  const watched: Session = {
    ...session,
    // As late as can be before anything is broken: by now the rules have been evaluated at the run's time scale.
    async methodBegins(record) {
      burning ??= await burningNow(session);
      await session.methodBegins?.(record);
    },
  };
  const running: Running[] = [];
  const judged: Promise<JudgedExperiment | undefined>[] = [];
  const disturbances: Disturbance[] = [];
  const setAside: JudgedExperiment[] = [];
  const open = new Set<Running>();
  const waiting = [...experiments];
  let gating: Promise<JudgedPromise[]> | undefined;
  const apart = new Map<string, readonly string[]>();
  const disturbed = (one: Experiment, other: Experiment) =>
    apart.get(one.name)?.includes(other.name) === true || apart.get(other.name)?.includes(one.name) === true;

  const over = async (each: Running): Promise<JudgedExperiment | undefined> => {
    await each.over;
    open.delete(each);
    const one = { record: each.record, judgement: judgeOne(each.record, running, session, burning) };
    const disturbance = disturbanceOf(one);
    if (disturbance && !session.signal.aborted) {
      apart.set(disturbance.experiment, disturbance.by);
      disturbances.push(disturbance);
      setAside.push(one);
      waiting.push(each.record.experiment);
      await hooks.disturbed?.(one, disturbance);
      return undefined;
    }
    await hooks.ended?.(one);
    return one;
  };

  while (!session.signal.aborted) {
    if (waiting.length === 0) {
      if (open.size === 0) break;
      // Who held an experiment to look into it has not waited for the dashboards to fill.
      if (!hooks.hold) gating ??= gate(session);
      // The last ones may have disturbed each other, and be run again.
      await Promise.race([...open].map((each) => each.over.then(() => session.clock.sleep(1))));
      continue;
    }
    const formers = formersOf(running, open, session, begunAt);
    const chosen = chooseNext({ waiting, formers, disturbed, ...plan });
    if (chosen.length === 0) {
      session.stands?.(waitingFor(formers));
      await session.clock.sleep(LOOK_AGAIN_MS);
      continue;
    }
    gating = undefined;
    for (const each of chosen) waiting.splice(waiting.indexOf(each), 1);
    const company = new Company(chosen);
    const next = chosen.map((experiment) =>
      startExperiment(experiment, watched, {
        tolerated: (alert) => formers.some(({ unfinished }) => unfinished.has(alert)),
        company,
        ...(hooks.hold ? { hold: hooks.hold } : {}),
      }),
    );
    for (const each of next) {
      running.push(each);
      open.add(each);
      judged.push(over(each));
    }
    await Promise.all(next.map(({ healed }) => healed));
    // A lab that is not steady after all this waiting will not be for the next one.
    if (next.some(({ record }) => record.methodFrom === undefined)) break;
  }
  const results = (await Promise.all(judged)).filter((each) => each !== undefined);
  const wasJudged = ({ record: { experiment } }: JudgedExperiment) =>
    results.some(({ record }) => record.experiment === experiment);
  results.push(...setAside.filter((each) => !wasJudged(each)));
  const falseAlarmsBetween = betweenAlarms(
    running.map(({ record }) => record),
    session,
    burning,
  );
  const afterwards = hooks.hold ? [] : await (gating ?? gate(session));
  return { experiments: results, disturbances, falseAlarmsBetween, afterwards };
}

function waitingFor(formers: readonly Former[]): string {
  const alerts = new Set(formers.flatMap(({ unfinished }) => [...unfinished]));
  return `waiting until these are over and the inbox has heard of it: ${[...alerts].sort().join(', ') || 'the last messages'}`;
}

function disturbanceOf({ record, judgement: { promises } }: JudgedExperiment): Disturbance | undefined {
  if (!record.beside || !isDisturbed({ record, promises })) return undefined;
  const broken = promises.filter(({ kept }) => !kept);
  return {
    experiment: record.experiment.name,
    by: record.beside.names,
    broken: broken.map(({ text, expected, observed }) => `${text}: expected ${expected}, ${observed}`),
  };
}

/**
 * Asked once, when the last experiment has healed and its last messages are awaited: by then the rules have seen more of a past than
 * anything else that runs by itself.
 */
async function gate({ world, signal }: Session): Promise<JudgedPromise[]> {
  if (signal.aborted) return [];
  try {
    return judgeGate(await world.gate());
  } catch (error) {
    if (signal.aborted) return [];
    const text = 'the gate of the dashboards can be asked';
    return [{ text, kept: false, expected: 'an answer', observed: describeError(error) }];
  }
}

/** Alerts that remember and were burning from before, as a run began. */
interface Burning {
  /** Unix milliseconds. */
  at: number;
  alerts: ReadonlySet<string>;
}

/** Never rejects: what cannot be asked excuses nothing. */
async function burningNow({ world, clock, steadyState }: Session): Promise<Burning> {
  const at = clock.now();
  const asked = await Promise.all(
    Object.entries(steadyState.remembering.alerts).map(async ([alert, { burns }]) => {
      const off = await world
        .deviations([{ what: `${alert} burns`, query: `count(${burns})`, atLeast: 1 }])
        .catch((error: unknown) => [describeError(error)]);
      return off.length === 0 ? [alert] : [];
    }),
  );
  return { at, alerts: new Set(asked.flat()) };
}

function judgeOne(
  record: ExperimentRecord,
  running: readonly Running[],
  session: Session,
  burning: Burning | undefined,
): Judgement {
  const { observer, timing } = session;
  const explained = (episode: Episode) =>
    !chargedTo(episode, running).includes(record) ||
    isExplained(
      episode.alert,
      running.filter((each) => watches(each.record, episode)),
    ) ||
    isRemembered(
      episode,
      running.map((each) => each.record),
      session,
      burning,
    );
  return judge({ record, chronicle: observer.chronicle, timing, explained });
}

/** The experiments that an alert is charged to: the one begun last before it fired, and all that run side by side with that. */
function chargedTo(episode: Episode, running: readonly Running[]): ExperimentRecord[] {
  const watching = running
    .map(({ record }) => record)
    .filter((record) => watches(record, episode))
    .toSorted((a, b) => (b.methodFrom ?? 0) - (a.methodFrom ?? 0));
  const [last] = watching;
  return watching.filter(
    (each) => each === last || last?.beside?.names.includes(each.experiment.name) === true,
  );
}

function watches(
  { methodFrom, endedAt = Number.POSITIVE_INFINITY }: ExperimentRecord,
  { firingAt }: Episode,
): boolean {
  return methodFrom !== undefined && firingAt !== undefined && methodFrom <= firingAt && firingAt <= endedAt;
}

function isExplained(alert: string, by: readonly Running[]): boolean {
  return by.some(
    ({ record }) => record.methodFrom !== undefined && namedAlerts(record.experiment).includes(alert),
  );
}

/** A slow burn that only a lab's youth kept silent fires when that is over, on whoever's watch that is. */
function isRemembered(
  { alert, firingAt }: Episode,
  records: readonly ExperimentRecord[],
  { steadyState, timing }: Session,
  burning: Burning | undefined,
): boolean {
  const remembering = steadyState.remembering.alerts[alert];
  if (remembering === undefined || firingAt === undefined) return false;
  const memoryMs = remembering.within / timing.speed;
  if (burning?.alerts.has(alert) && firingAt <= burning.at + memoryMs) return true;
  return records.some(
    ({ experiment, methodFrom, healedAt = Number.POSITIVE_INFINITY }) =>
      methodFrom !== undefined &&
      methodFrom <= firingAt &&
      firingAt <= healedAt + memoryMs &&
      namedAlerts(experiment).includes(alert),
  );
}

/**
 * What rings before the first steady state is nobody's false alarm: the lab was just switched to the run's time scale, at which a sign
 * of life of a moment ago may be an old one.
 */
function betweenAlarms(
  records: readonly ExperimentRecord[],
  session: Session,
  burning: Burning | undefined,
): string[] {
  const steadyAt = Math.min(...records.map(({ methodFrom = Number.POSITIVE_INFINITY }) => methodFrom));
  const stray = session.observer.chronicle.episodes.filter(
    (episode) =>
      episode.firingAt !== undefined &&
      episode.pendingAt >= steadyAt &&
      !records.some((record) => watches(record, episode)) &&
      !isRemembered(episode, records, session, burning),
  );
  return [...new Set(stray.map(({ alert }) => alert))];
}
