/** Which promises an experiment kept: from the record of what happened alone, so that every way to fail can be shown to it. */
import type { JudgedAlert, JudgedPromise, Verdict } from 'lab-console/contract/experiments';
import type { Experiment } from '../experiment/schema.ts';
import type { Chronicle, Episode } from '../run/chronicle.ts';
import type { ExperimentRecord } from '../run/record.ts';
import { deliveryMs, GROUP_LIVES_MS, limitMs, type Timing } from '../run/timing.ts';
import type { Checked, Losses, Shown } from '../run/world.ts';
import { soonestFiringMs, soonestInboxMs } from './minimum.ts';

export interface Judgement {
  verdict: Verdict;
  alerts: JudgedAlert[];
  promises: JudgedPromise[];
  /** Alerts that fired although nothing expected them. */
  falseAlarms: string[];
}

export interface Case {
  record: ExperimentRecord;
  chronicle: Chronicle;
  timing: Timing;
  /** Alerts that other experiments of the run still explain. */
  explained: (episode: Episode) => boolean;
}

export function judge(given: Case): Judgement {
  const { record } = given;
  if (record.methodFrom === undefined) return notStarted(record);
  const alerts = record.experiment.alerts.must.map((must) => judgeExpected(given, must));
  const strays = strayEpisodes(given);
  const promises = [
    ...record.failures.map((failure) => promise('the experiment itself works', false, 'no failure', failure)),
    ...alerts.flatMap((judged, index) => promisesOf(given, judged, index)),
    silence(strays),
    ...healing(given),
    ...impact(given),
    ...(record.losses ? losses(record.experiment, record.losses) : []),
    ...dashboards(record.shown ?? []),
  ];
  const kept = promises.every((each) => each.kept);
  return {
    verdict: record.interrupted ? 'interrupted' : kept ? 'kept' : 'broken',
    alerts: [...alerts, ...sideEffects(given, strays)],
    promises,
    falseAlarms: [...new Set(strays.map(({ alert }) => alert))],
  };
}

function notStarted({ deviations, interrupted, failures }: ExperimentRecord): Judgement {
  const observed = [...deviations, ...failures].join('; ') || 'it was not reached';
  return {
    verdict: interrupted ? 'interrupted' : 'inconclusive',
    alerts: [],
    promises: [promise('the hypothesis holds before the method', false, 'a steady state', observed)],
    falseAlarms: [],
  };
}

type Must = Experiment['alerts']['must'][number];

function judgeExpected({ record, chronicle, timing }: Case, must: Must): JudgedAlert {
  const { alert, needs, within, inbox } = must;
  const from = record.methodFrom ?? 0;
  const at = record.methodAt ?? from;
  const since = (time: number | undefined, origin = at) =>
    time === undefined ? null : round(Math.max(0, time - origin) / 1000);
  const first = chronicle.fired(alert, from)[0];
  const all = chronicle.fired(alert, from);
  const ended = all.length > 0 && all.every(({ endedAt }) => endedAt !== undefined);
  const resolvedAt = ended ? Math.max(...all.map(({ endedAt }) => endedAt ?? 0)) : undefined;
  const rollback = record.rollbackAt ?? record.rollbackFrom;
  const message = inbox === 'hidden' ? undefined : chronicle.message(alert, 'firing', from);
  const resolvedMessage =
    message && rollback !== undefined
      ? chronicle.message(alert, 'resolved', record.rollbackFrom ?? from)
      : undefined;
  return {
    name: alert,
    expected: 'fire',
    pendingAfterSeconds: since(first?.pendingAt),
    firedAfterSeconds: since(first?.firingAt),
    inboxAfterSeconds: since(message?.receivedAt),
    resolvedAfterSeconds: since(resolvedAt, rollback),
    resolvedMessageAfterSeconds: since(resolvedMessage?.receivedAt, rollback),
    limitSeconds: round(limitMs(within, timing) / 1000),
    theoreticalMinimumSeconds: round(soonestFiringMs(alert, needs, timing) / 1000),
    theoreticalInboxSeconds:
      inbox === 'delivered' ? round(soonestInboxMs(alert, needs, timing) / 1000) : null,
    kept: true,
  };
}

function promisesOf(
  { record, timing, chronicle }: Case,
  judged: JudgedAlert,
  index: number,
): JudgedPromise[] {
  const must = record.experiment.alerts.must[index];
  if (!must) return [];
  const { name } = judged;
  const promises = [
    timed(`${name} fires`, judged.firedAfterSeconds, judged.limitSeconds ?? 0),
    timed(
      `${name} resolves`,
      judged.resolvedAfterSeconds,
      round(limitMs(record.experiment.resolves, timing) / 1000),
    ),
  ];
  if (must.inbox !== 'hidden') {
    const known = chronicle.firedWithin(name, GROUP_LIVES_MS, record.methodFrom ?? 0);
    const wait = round(deliveryMs(known, timing) / 1000);
    const late = must.inbox === 'late' ? round(limitMs(record.experiment.resolves, timing) / 1000) : 0;
    const method = ((record.rollbackAt ?? 0) - (record.methodAt ?? 0)) / 1000;
    const limit = late > 0 ? round(Math.max(0, method) + late) : round((judged.limitSeconds ?? 0) + wait);
    promises.push(timed(`${name} reaches the inbox`, judged.inboxAfterSeconds, limit));
    promises.push(
      timed(
        `the inbox hears that ${name} is over`,
        judged.resolvedMessageAfterSeconds,
        round(limitMs(record.experiment.resolves, timing) / 1000),
      ),
    );
  }
  judged.kept = promises.every((each) => each.kept);
  return promises;
}

/** Episodes that began to fire on this experiment's watch and that nothing expects. */
function strayEpisodes({ record, chronicle, explained }: Case): Episode[] {
  const { methodFrom = 0, endedAt = Number.POSITIVE_INFINITY } = record;
  return chronicle.episodes.filter(
    (episode) =>
      episode.firingAt !== undefined &&
      episode.firingAt >= methodFrom &&
      episode.firingAt <= endedAt &&
      !explained(episode),
  );
}

function silence(strays: readonly Episode[]): JudgedPromise {
  const names = [...new Set(strays.map(({ alert }) => alert))].join(', ');
  return promise('every other alert stays silent', strays.length === 0, 'no other alert', names || 'none');
}

/** What fired besides: allowed, or not. */
function sideEffects({ record, chronicle }: Case, strays: readonly Episode[]): JudgedAlert[] {
  const { methodFrom = 0, methodAt = methodFrom, endedAt = Number.POSITIVE_INFINITY } = record;
  const may = record.experiment.alerts.may.flatMap(({ alerts }) => alerts);
  const names = new Set([...may, ...strays.map(({ alert }) => alert)]);
  return [...names].flatMap((name) => {
    const fired = chronicle.fired(name, methodFrom).find(({ firingAt = 0 }) => firingAt <= endedAt);
    if (!fired) return [];
    const stray = strays.some(({ alert }) => alert === name);
    const after = (time: number | undefined) =>
      time === undefined ? null : round(Math.max(0, time - methodAt) / 1000);
    return {
      name,
      expected: stray ? ('silent' as const) : ('may-fire' as const),
      pendingAfterSeconds: after(fired.pendingAt),
      firedAfterSeconds: after(fired.firingAt),
      inboxAfterSeconds: after(chronicle.message(name, 'firing', methodFrom)?.receivedAt),
      resolvedAfterSeconds: null,
      resolvedMessageAfterSeconds: null,
      limitSeconds: null,
      theoreticalMinimumSeconds: null,
      theoreticalInboxSeconds: null,
      kept: !stray,
    };
  });
}

function healing({ record, timing }: Case): JudgedPromise[] {
  if (record.rollbackAt === undefined || record.interrupted) return [];
  const seconds = record.healedAt === undefined ? null : round((record.healedAt - record.rollbackAt) / 1000);
  const limit = round(limitMs(record.beside?.heals ?? record.experiment.heals, timing) / 1000);
  return [timed('the hypothesis holds again', seconds, limit)];
}

function impact({ record }: Case): JudgedPromise[] {
  const { impact: seen, experiment } = record;
  if (!seen) return [];
  const { errorRatio, p95Seconds } = experiment.users;
  const ratio = seen.requests === 0 ? 0 : seen.failed / seen.requests;
  return [
    promise(
      ERRORS,
      ratio <= errorRatio,
      `at most ${percent(errorRatio)} of requests`,
      `${percent(ratio)} (${seen.failed} of ${seen.requests})`,
    ),
    promise(
      WAITS,
      seen.p95Seconds <= p95Seconds,
      `p95 at most ${p95Seconds} s`,
      `${seen.p95Seconds.toFixed(2)} s`,
    ),
  ];
}

/**
 * Whether users noticed more than an experiment promises and no more than one beside it allows: then it is not its own doing, and it is
 * to be run again by itself. Whatever else is broken is its own.
 */
export function isDisturbed({
  record,
  promises,
}: {
  record: ExperimentRecord;
  promises: readonly JudgedPromise[];
}): boolean {
  const { beside, impact: seen, experiment } = record;
  if (!beside || !seen) return false;
  const { errorRatio, p95Seconds } = experiment.users;
  const ratio = seen.requests === 0 ? 0 : seen.failed / seen.requests;
  const excused = [
    ...(ratio > errorRatio && ratio <= beside.users.errorRatio ? [ERRORS] : []),
    ...(seen.p95Seconds > p95Seconds && seen.p95Seconds <= beside.users.p95Seconds ? [WAITS] : []),
  ];
  const broken = promises.filter(({ kept }) => !kept);
  return broken.length > 0 && broken.every(({ text }) => excused.includes(text));
}

const ERRORS = 'users notice no more errors than promised';
const WAITS = 'users wait no longer than promised';

const LOSSES = {
  writes: 'every acknowledged write can be read back',
  logs: 'every log line is where it can be searched',
  jobs: 'every job is done or in the dead-letter queue',
} as const;

function losses({ loses }: Experiment, found: Losses): JudgedPromise[] {
  return (Object.keys(LOSSES) as (keyof typeof LOSSES)[]).flatMap((kind) => {
    if (loses[kind] !== 'nothing') return [];
    const missing = found[kind];
    const observed =
      missing.length === 0
        ? `all of ${found.checked[kind]}`
        : `${missing.slice(0, 5).join('; ')}${missing.length > 5 ? ` and ${missing.length - 5} more` : ''}`;
    return [promise(LOSSES[kind], missing.length === 0, 'nothing lost', observed)];
  });
}

/** Place by place: a panel that nothing ever fills is one that nobody can trust. */
function dashboards(shown: readonly Shown[]): JudgedPromise[] {
  return shown.map(({ where, empty }) =>
    promise(`${where} is filled by it`, empty === undefined, 'data', empty ?? 'data'),
  );
}

/** Of no experiment, but of the lab that has been through all of them. */
export function judgeGate(checked: readonly Checked[]): JudgedPromise[] {
  return checked.map(({ text, expected, seen, broken }) =>
    promise(text, broken.length === 0, expected, broken.length === 0 ? seen : broken.join('; ')),
  );
}

function timed(text: string, seconds: number | null, limitSeconds: number): JudgedPromise {
  const observed = seconds === null ? 'not seen' : `${seconds.toFixed(1)} s`;
  return promise(
    text,
    seconds !== null && seconds <= limitSeconds,
    `within ${limitSeconds.toFixed(1)} s`,
    observed,
  );
}

function promise(text: string, kept: boolean, expected: string, observed: string): JudgedPromise {
  return { text, kept, expected, observed: observed.slice(0, 900) };
}

function percent(ratio: number): string {
  return `${(ratio * 100).toFixed(1)} %`;
}

function round(value: number): number {
  return Number(value.toFixed(2));
}
