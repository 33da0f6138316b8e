/** Compares what really fired in a recording with what the edited rules would have done, and both with what was promised. */
import type { Episode, Expected, RecordingFacts } from '../recordings/recording.ts';
import type { Notification } from './alertmanager/notifications.ts';

/** Of an alert in a recording: the first of its series to fire, and whether all of them ended. */
export interface Firing {
  /** After the method, or after the beginning where there was none; seconds. */
  afterSeconds: number;
  labels: Record<string, string>;
  ended: boolean;
}

export interface Change {
  recording: string;
  alert: string;
  before: Firing | undefined;
  after: Firing | undefined;
  /** Whether the alert has to fire, may fire, or has to stay silent. */
  expected: 'fire' | 'may-fire' | 'silent';
  /** Why the promise is broken; undefined: it is kept. */
  broken: string | undefined;
}

export interface Judged {
  recording: string;
  title: string;
  /** Every alert that fired before or would fire now, or has to. */
  alerts: Change[];
  /** Those of them whose outcome is another one now. */
  changes: Change[];
  /** Alerts by the order in which they fire, where that is another one now. */
  first: { before: string | undefined; after: string | undefined } | undefined;
  messages: { gone: Notification[]; added: Notification[] };
  /** Broken promises, one line each. */
  broken: string[];
  promises: number;
}

export interface JudgeOptions {
  facts: RecordingFacts;
  /** Judge this alert only. */
  only: string | undefined;
  after: readonly Episode[];
  messages: { before: readonly Notification[]; after: readonly Notification[] };
}

export function judgeRecording(options: JudgeOptions): Judged {
  const { facts, only, after } = options;
  const happened = [...facts.fired, ...after].map(({ alert }) => alert);
  const concerned = [...new Set([...facts.must.map(({ alert }) => alert), ...happened])].filter(
    (alert) => only === undefined || alert === only,
  );
  const alerts = concerned
    .map((alert) => judgeAlert(alert, options))
    .filter(({ before, after: now, expected }) => before || now || expected === 'fire');
  const changes = alerts.filter((each) => differs(each, facts.evaluationMs));
  const messages = compareMessages(options);
  const undelivered = messages.gone
    .filter(({ status }) => status === 'firing')
    .flatMap(({ alerts: told }) => told)
    .filter((alert) => isAwaited(alert, options));
  const lines = [
    ...alerts.flatMap(({ alert, broken }) => (broken === undefined ? [] : [`${alert} ${broken}`])),
    ...[...new Set(undelivered)].map((alert) => `${alert} would not be told to anybody`),
  ];
  return {
    recording: facts.name,
    title: facts.title,
    alerts,
    changes,
    first: firstOf(alerts, facts.evaluationMs),
    messages,
    broken: lines,
    promises: alerts.length + 1,
  };
}

function judgeAlert(alert: string, { facts, after }: JudgeOptions): Change {
  const must = facts.must.find((each) => each.alert === alert);
  const before = firingOf(alert, facts.fired, facts, must?.labels);
  const now = firingOf(alert, after, facts, must?.labels);
  const expected = must ? 'fire' : mayFire(alert, facts) ? 'may-fire' : 'silent';
  return {
    recording: facts.name,
    alert,
    before,
    after: now,
    expected,
    broken: brokenBy(expected, { must, before, after: now }),
  };
}

function brokenBy(
  expected: Change['expected'],
  { must, before, after }: Pick<Change, 'before' | 'after'> & { must: Expected | undefined },
): string | undefined {
  if (expected === 'may-fire') return undefined;
  if (expected === 'silent') return after ? 'is a false alarm' : undefined;
  if (!after) return 'never fires';
  if (after.afterSeconds < 0) return 'fires before anything is done';
  const limit = must?.withinMs;
  if (limit !== undefined && after.afterSeconds * 1000 > limit)
    return `fires after ${seconds(after.afterSeconds)}, promised within ${seconds(limit / 1000)}`;
  if (before?.ended && !after.ended) return 'does not end';
  return undefined;
}

/** Whatever an experiment that ran meanwhile declares is explained by it. */
function mayFire(alert: string, { may, overlapped }: RecordingFacts): boolean {
  return may.includes(alert) || overlapped.some(({ alerts }) => alerts.includes(alert));
}

/** Moments count from the method. */
function firingOf(
  alert: string,
  episodes: readonly Episode[],
  facts: RecordingFacts,
  labels: Readonly<Record<string, string>> = {},
): Firing | undefined {
  const { from, to, marks } = facts;
  const origin = marks.methodAt ?? marks.methodFrom ?? from;
  const own = episodes.filter(
    (each) =>
      each.alert === alert &&
      each.firingAt !== undefined &&
      each.firingAt >= from &&
      each.firingAt <= to &&
      Object.entries(labels).every(([name, value]) => each.labels[name] === value) &&
      !isEarlier(each, facts),
  );
  const [first] = own.toSorted((one, other) => (one.firingAt ?? 0) - (other.firingAt ?? 0));
  if (!first) return undefined;
  return {
    afterSeconds: ((first.firingAt ?? origin) - origin) / 1000,
    labels: first.labels,
    ended: own.every(({ endedAt }) => endedAt !== undefined),
  };
}

/** What really fired before the method is of another story, and so is the same thing in a rehearsal. */
function isEarlier(
  { alert, labels, firingAt = 0 }: Episode,
  { fired, marks, evaluationMs }: RecordingFacts,
): boolean {
  const { methodFrom } = marks;
  return (
    methodFrom !== undefined &&
    firingAt < methodFrom &&
    fired.some(
      (each) =>
        each.alert === alert &&
        sameLabels(each.labels, labels) &&
        Math.abs((each.firingAt ?? 0) - firingAt) <= evaluationMs,
    )
  );
}

function differs({ before, after }: Change, evaluationMs: number): boolean {
  if (!before || !after) return before !== after;
  if (Math.abs(before.afterSeconds - after.afterSeconds) * 1000 > evaluationMs) return true;
  return before.ended !== after.ended || !sameLabels(before.labels, after.labels);
}

function sameLabels(one: Readonly<Record<string, string>>, other: Readonly<Record<string, string>>): boolean {
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].every((name) => one[name] === other[name]);
}

/** Moments are right within one evaluation: what fires within one of the other does not fire before it. */
function firstOf(alerts: readonly Change[], evaluationMs: number): Judged['first'] {
  const earliest = (of: 'before' | 'after') =>
    alerts
      .flatMap(({ alert, [of]: firing }) => (firing ? [{ alert, at: firing.afterSeconds }] : []))
      .toSorted((one, other) => one.at - other.at)[0]?.alert;
  const [before, after] = [earliest('before'), earliest('after')];
  const momentNow = (name: string | undefined) =>
    alerts.find(({ alert }) => alert === name)?.after?.afterSeconds ?? Number.POSITIVE_INFINITY;
  const lead = momentNow(before) - momentNow(after);
  return lead * 1000 > evaluationMs ? { before, after } : undefined;
}

function compareMessages({ facts, messages }: JudgeOptions): Judged['messages'] {
  const key = ({ receiver, group, status }: Notification) =>
    JSON.stringify([receiver, status, Object.entries(group).sort()]);
  const missingIn = (wanted: readonly Notification[], others: readonly Notification[]) => {
    const known = new Set(others.map(key));
    const seen = new Set<string>();
    return wanted.filter((each) => {
      const id = key(each);
      if (each.at < facts.from || known.has(id) || seen.has(id)) return false;
      seen.add(id);
      return true;
    });
  };
  return {
    gone: missingIn(messages.before, messages.after),
    added: missingIn(messages.after, messages.before),
  };
}

/** A message that was promised, and that still nobody else would bring. */
function isAwaited(alert: string, { facts, messages }: JudgeOptions): boolean {
  return (
    facts.must.some((each) => each.alert === alert && each.inbox === 'delivered') &&
    !messages.after.some(({ alerts, status }) => status === 'firing' && alerts.includes(alert))
  );
}

export function seconds(value: number): string {
  return `${value.toFixed(1)} s`;
}
