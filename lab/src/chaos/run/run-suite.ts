/**
 * Experiments one after the other. The next may begin when the former has healed, while the last messages about its alerts are
 * still awaited: they come with Alertmanager's group interval, and nothing is gained by looking on.
 */

import { type Judgement, judge } from '../contract/judge.ts';
import type { Experiment } from '../experiment/schema.ts';
import type { Episode } from './chronicle.ts';
import type { ExperimentRecord } from './record.ts';
import { type Running, type Session, type StartOptions, startExperiment } from './run-experiment.ts';

export interface JudgedExperiment {
  record: ExperimentRecord;
  judgement: Judgement;
}

export interface SuiteResult {
  experiments: JudgedExperiment[];
  /** Alerts that fired on no experiment's watch. */
  falseAlarmsBetween: string[];
}

export interface SuiteHooks {
  ended?(judged: JudgedExperiment): Promise<void> | void;
  hold?: Promise<void>;
}

/** Runs them all. Never rejects because of one: an interrupted suite ends early with what it has. */
export async function runSuite(
  experiments: readonly Experiment[],
  session: Session,
  hooks: SuiteHooks = {},
): Promise<SuiteResult> {
  const beganAt = session.clock.now();
  const running: Running[] = [];
  const judged: Promise<JudgedExperiment>[] = [];
  const open = new Set<Running>();
  for (const experiment of experiments) {
    if (session.signal.aborted) break;
    await untilCompatible(experiment, open);
    const before = new Set(session.observer.chronicle.active().map(({ alert }) => alert));
    const next = startExperiment(experiment, session, {
      tolerated: (alert) => isExplained(alert, [...open]) && before.has(alert),
      ...(hooks.hold ? { hold: hooks.hold } : {}),
    } satisfies StartOptions);
    running.push(next);
    open.add(next);
    judged.push(
      next.over.then(async () => {
        open.delete(next);
        const one = { record: next.record, judgement: judgeOne(next.record, running, session) };
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
  return { experiments: results, falseAlarmsBetween: betweenAlarms(beganAt, results, session) };
}

/** One that breaks what others are judged by, or whose own alerts are still on their way, waits. */
async function untilCompatible(experiment: Experiment, open: ReadonlySet<Running>): Promise<void> {
  const own = new Set(experiment.alerts.must.map(({ alert }) => alert));
  const inTheWay = [...open].filter(
    ({ record }) => experiment.alone || named(record.experiment).some((alert) => own.has(alert)),
  );
  await Promise.all(inTheWay.map(({ over }) => over));
}

function judgeOne(record: ExperimentRecord, running: readonly Running[], session: Session): Judgement {
  const { observer, timing } = session;
  const explained = (episode: Episode) =>
    watchOf(episode, running) !== record ||
    isExplained(
      episode.alert,
      running.filter((each) => watches(each.record, episode)),
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

function named({ alerts: { must, may } }: Experiment): string[] {
  return [...must.map(({ alert }) => alert), ...may.flatMap(({ alerts }) => alerts)];
}

function betweenAlarms(
  beganAt: number,
  results: readonly JudgedExperiment[],
  { observer }: Session,
): string[] {
  const stray = observer.chronicle.episodes.filter(
    (episode) =>
      episode.firingAt !== undefined &&
      episode.pendingAt >= beganAt &&
      !results.some(({ record }) => watches(record, episode)),
  );
  return [...new Set(stray.map(({ alert }) => alert))];
}
