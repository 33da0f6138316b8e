/**
 * What an experiment reported, made ready to show. `lab` writes it, later versions may say more: known members are read
 * tolerantly, everything else is kept as it is for the generic view.
 */
import type { ExperimentResult } from '../../contract/experiments.ts';

type AlertEntry = NonNullable<ExperimentResult['alerts']>[number];

const KNOWN = new Set([
  'hypothesis',
  'method',
  'rollbacks',
  'rollbackAfterSeconds',
  'alerts',
  'promises',
  'timeline',
]);

const orNull = (value: number | null | undefined) => value ?? null;

function verdict(alert: AlertEntry): string {
  const fired = orNull(alert.firedAfterSeconds);
  const came = fired === null ? 'stayed silent' : `fired after ${Math.round(fired)} s`;
  if (alert.expected === 'silent') return alert.kept ? 'silent, as promised' : `${came}, promised silent`;
  if (alert.expected === 'may-fire') return `${came} (either is fine)`;
  return alert.kept ? came : `${came}, promised to fire`;
}

/** Seconds from the method to the rollback; older reports tell it by their timeline alone. */
export function rollbackAfter(result: ExperimentResult | null): number | null {
  if (result?.rollbackAfterSeconds != null) return result.rollbackAfterSeconds;
  const moment = (kind: string) =>
    Date.parse(result?.timeline?.find((event) => event.kind === kind)?.at ?? '');
  const seconds = (moment('rollback') - moment('method')) / 1000;
  return seconds >= 0 ? seconds : null;
}

/**
 * The lanes of the alerts' chart, in seconds after the method was in force; null where it never came to it. A report counts the end
 * of an alert from the rollback.
 */
export function alertLanes(result: ExperimentResult | null) {
  const rollback = rollbackAfter(result);
  const onAxis = (afterRollback: number | null) =>
    afterRollback === null || rollback === null ? null : rollback + afterRollback;
  return (result?.alerts ?? []).map((alert) => ({
    name: alert.name,
    expected: alert.expected,
    kept: alert.kept,
    pending: orNull(alert.pendingAfterSeconds),
    fired: orNull(alert.firedAfterSeconds),
    inbox: orNull(alert.inboxAfterSeconds),
    resolved: onAxis(orNull(alert.resolvedAfterSeconds)),
    limit: orNull(alert.limitSeconds),
    fastest: orNull(alert.theoreticalMinimumSeconds),
    /** In words: what was promised and what came. */
    verdict: verdict(alert),
  }));
}

export type AlertLane = ReturnType<typeof alertLanes>[number];

/** Where the lanes' axis ends: the latest of all moments, with room. */
export function laneEnd(lanes: readonly AlertLane[], rollback: number | null): number {
  const moments = lanes.flatMap(({ pending, fired, inbox, resolved, limit }) =>
    [pending, fired, inbox, resolved, limit].filter((at) => at !== null),
  );
  return Math.max(30, rollback ?? 0, ...moments) * 1.06;
}

/** Round tick marks for an axis of so many seconds, about six of them. */
export function laneTicks(end: number): number[] {
  const step = [5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600].find((size) => end / size <= 7) ?? 7200;
  return Array.from({ length: Math.floor(end / step) + 1 }, (_, index) => index * step);
}

/** Events with their moment (`at`, milliseconds since the epoch) and its distance from the start (`offset`, seconds). */
export function timelineEvents(result: ExperimentResult | null, startedAt: string) {
  const start = Date.parse(startedAt);
  return (result?.timeline ?? [])
    .map(({ at, kind, text }) => ({ at: Date.parse(at), kind, text }))
    .filter(({ at }) => !Number.isNaN(at))
    .map((event) => ({ ...event, offset: (event.at - start) / 1000 }))
    .sort((a, b) => a.at - b.at);
}

export type TimelineEvent = ReturnType<typeof timelineEvents>[number];

/** Everything the result says beyond what has a place of its own. */
export function furtherResults(result: ExperimentResult | null): [name: string, value: unknown][] {
  return Object.entries(result ?? {}).filter(([name]) => !KNOWN.has(name));
}
