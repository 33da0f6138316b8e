/**
 * Experiments one after the other. The next may begin when the former has healed, while the last messages about its alerts are
 * still awaited: they come with Alertmanager's group interval, and nothing is gained by looking on.
 */

import type { JudgedPromise } from 'lab-console/contract/experiments';
import { describeError } from '../../cli/failure.ts';
import { type Judgement, judge, judgeGate } from '../contract/judge.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Episode } from './chronicle.ts';
import type { ExperimentRecord } from './record.ts';
import { type Running, type Session, startExperiment } from './run-experiment.ts';

export interface JudgedExperiment {
  record: ExperimentRecord;
  judgement: Judgement;
}

export interface SuiteResult {
  experiments: JudgedExperiment[];
  /** Alerts that fired on no experiment's watch. */
  falseAlarmsBetween: string[];
  /** About the dashboards as they are after the last experiment; none where the lab is too young for some panel. */
  afterwards: JudgedPromise[];
}

export interface SuiteHooks {
  ended?(judged: JudgedExperiment): Promise<void> | void;
  hold?: Promise<void>;
}

/**
 * Runs them all: the first one in order that can begin beside what is still open. Never rejects because of one: an interrupted suite
 * ends early with what it has.
 */
export async function runSuite(
  experiments: readonly Experiment[],
  session: Session,
  hooks: SuiteHooks = {},
): Promise<SuiteResult> {
  // What is active already is not this run's doing.
  await session.observer.look();
  await session.clock.sleep(1);
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
  const judged: Promise<JudgedExperiment>[] = [];
  const open = new Set<Running>();
  const waiting = [...experiments];
  while (waiting.length > 0 && !session.signal.aborted) {
    const at = waiting.findIndex((each) => canBegin(each, open));
    if (at === -1) {
      await Promise.race([...open].map(({ over }) => over));
      continue;
    }
    const [experiment] = waiting.splice(at, 1);
    if (!experiment) break;
    const before = new Set(session.observer.chronicle.active().map(({ alert }) => alert));
    const next = startExperiment(experiment, watched, {
      tolerated: (alert) => before.has(alert) && isExplained(alert, [...open]),
      ...(hooks.hold ? { hold: hooks.hold } : {}),
    });
    running.push(next);
    open.add(next);
    judged.push(
      next.over.then(async () => {
        open.delete(next);
        const one = { record: next.record, judgement: judgeOne(next.record, running, session, burning) };
        await hooks.ended?.(one);
        return one;
      }),
    );
    await next.healed;
    if (experiment.alone) await next.over;
    // A lab that is not steady after all this waiting will not be for the next one.
    if (next.record.methodFrom === undefined) break;
  }
  const results = await Promise.all(judged);
  const falseAlarmsBetween = betweenAlarms(results, session, burning);
  // Who held an experiment to look into it has not waited for the dashboards to fill.
  const afterwards = hooks.hold ? [] : await gate(session);
  return { experiments: results, falseAlarmsBetween, afterwards };
}

/** Asked once, at the end: by then the rules have seen more of a past than anything else that runs by itself. */
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

/** What an open experiment is still waiting to end must not be made to go on, nor its messages be held back. */
function canBegin(experiment: Experiment, open: ReadonlySet<Running>): boolean {
  if (open.size === 0) return true;
  if (experiment.alone || experiment.silences) return false;
  const own = new Set(named(experiment));
  const must = experiment.alerts.must.map(({ alert }) => alert);
  return [...open].every(({ record }) => {
    const theirs = record.experiment.alerts.must.map(({ alert }) => alert);
    return (
      !theirs.some((alert) => own.has(alert)) &&
      !named(record.experiment).some((alert) => must.includes(alert))
    );
  });
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
    watchOf(episode, running) !== record ||
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

/** The experiment that an alert is charged to: the one begun last before it fired. */
function watchOf(episode: Episode, running: readonly Running[]): ExperimentRecord | undefined {
  return running
    .map(({ record }) => record)
    .filter((record) => watches(record, episode))
    .toSorted((a, b) => (b.methodFrom ?? 0) - (a.methodFrom ?? 0))[0];
}

function watches(
  { methodFrom, endedAt = Number.POSITIVE_INFINITY }: ExperimentRecord,
  { firingAt }: Episode,
): boolean {
  return methodFrom !== undefined && firingAt !== undefined && methodFrom <= firingAt && firingAt <= endedAt;
}

function isExplained(alert: string, by: readonly Running[]): boolean {
  return by.some(({ record }) => record.methodFrom !== undefined && named(record.experiment).includes(alert));
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
      named(experiment).includes(alert),
  );
}

function named({ alerts: { must, may } }: Experiment): string[] {
  return [...must.map(({ alert }) => alert), ...may.flatMap(({ alerts }) => alerts)];
}

/**
 * What rings before the first steady state is nobody's false alarm: the lab was just switched to the run's time scale, at which a sign
 * of life of a moment ago may be an old one.
 */
function betweenAlarms(
  results: readonly JudgedExperiment[],
  session: Session,
  burning: Burning | undefined,
): string[] {
  const records = results.map(({ record }) => record);
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
