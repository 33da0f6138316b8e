/**
 * The messages that Alertmanager would send of given alerts: grouped, waited for, held back by inhibition, repeated. The same steps as
 * its own (dispatch/dispatch.go, inhibit/inhibit.go, notify/notify.go, DedupStage), on moments instead of a clock.
 */
import { GROUP_LIVES_MS } from '../../chaos/run/timing.ts';
import { keyOf } from '../alert-states.ts';
import { type Route, type Routing, routesOf } from './configuration.ts';
import type { Labels } from './matchers.ts';

export interface SentAlert {
  /** With alertname. */
  labels: Labels;
  /** Unix milliseconds. */
  firingAt: number;
  /** Absent: it fires until the end. */
  endedAt?: number;
}

export interface Notification {
  at: number;
  receiver: string;
  group: Labels;
  status: 'firing' | 'resolved';
  /** Names of the alerts that the message speaks of. */
  alerts: string[];
}

interface Group {
  route: Route;
  labels: Labels;
  alerts: SentAlert[];
}

/** @param to the end of what is looked at, Unix milliseconds. @param speed waits are divided by it. */
export function notificationsOf(
  alerts: readonly SentAlert[],
  routing: Routing,
  { to, speed }: { to: number; speed: number },
): Notification[] {
  const groups = new Map<string, Group>();
  for (const alert of alerts)
    for (const written of routesOf(routing.root, alert.labels)) {
      const route = faster(written, speed);
      const labels = groupLabels(route, alert.labels);
      const key = `${route.path} ${keyOf(labels)}`;
      const group = groups.get(key) ?? { route, labels, alerts: [] };
      groups.set(key, group);
      group.alerts.push(alert);
    }
  return [...groups.values()]
    .flatMap((group) => notificationsOfGroup(group, routing, alerts, to))
    .sort((one, other) => one.at - other.at || (one.receiver < other.receiver ? -1 : 1));
}

/** Says whether an alert is hidden at a moment because another one that explains it fires. */
export function isInhibited(
  { labels }: SentAlert,
  all: readonly SentAlert[],
  { inhibitions }: Routing,
  at: number,
): boolean {
  return inhibitions.some(({ isSource, isTarget, equal }) => {
    if (!isTarget(labels)) return false;
    // What is both is not hidden by what is both, so that nothing hides itself.
    const both = isSource(labels);
    return all.some(
      (source) =>
        fires(source, at) &&
        isSource(source.labels) &&
        equal.every((label) => (source.labels[label] ?? '') === (labels[label] ?? '')) &&
        !(both && isTarget(source.labels)),
    );
  });
}

function notificationsOfGroup(
  { route, labels, alerts }: Group,
  routing: Routing,
  all: readonly SentAlert[],
  to: number,
): Notification[] {
  if (route.timed) return [];
  const sent: Notification[] = [];
  const coming = [...alerts].sort((one, other) => one.firingAt - other.firingAt);
  let held: SentAlert[] = [];
  let told: Told | undefined;
  let flushAt = Number.NEGATIVE_INFINITY;
  let livesUntil = Number.NEGATIVE_INFINITY;
  for (;;) {
    const [next] = coming;
    if (held.length === 0) {
      if (!next) return sent;
      // A group that is gone is made anew; in one that still lives, the next interval is waited for.
      if (next.firingAt > livesUntil) flushAt = next.firingAt + route.groupWaitMs;
      else
        flushAt +=
          Math.max(0, Math.ceil((next.firingAt - flushAt) / route.groupIntervalMs)) * route.groupIntervalMs;
    }
    while (coming[0] && coming[0].firingAt <= flushAt) held.push(...coming.splice(0, 1));
    if (flushAt > to) return sent;
    const now = flushAt;
    const heard = held.filter((alert) => !isInhibited(alert, all, routing, now));
    const firing = heard.filter((alert) => fires(alert, now));
    const keys = (of: readonly SentAlert[]) => new Set(of.map((alert) => keyOf(alert.labels)));
    const firingKeys = keys(firing);
    // One that ended and fires again is one that fires.
    const endedKeys = keys(heard).difference(firingKeys);
    const tellsOfEnd = routing.tellsOfEnd.has(route.receiver);
    if (heard.length > 0 && isNews(told, { firingKeys, endedKeys, tellsOfEnd, now, route })) {
      const speaksOf = firing.length > 0 || tellsOfEnd;
      told = { firing: firingKeys, resolved: endedKeys, at: now };
      if (speaksOf)
        sent.push({
          at: now,
          receiver: route.receiver,
          group: labels,
          status: firing.length > 0 ? 'firing' : 'resolved',
          alerts: [...new Set(heard.map((alert) => alert.labels['alertname'] ?? '?'))].sort(),
        });
    }
    for (const { endedAt = to } of held) livesUntil = Math.max(livesUntil, endedAt + GROUP_LIVES_MS);
    held = held.filter((alert) => fires(alert, now));
    flushAt = now + route.groupIntervalMs;
  }
}

interface Told {
  firing: ReadonlySet<string>;
  resolved: ReadonlySet<string>;
  at: number;
}

interface Flush {
  firingKeys: ReadonlySet<string>;
  endedKeys: ReadonlySet<string>;
  tellsOfEnd: boolean;
  now: number;
  route: Route;
}

function isNews(told: Told | undefined, { firingKeys, endedKeys, tellsOfEnd, now, route }: Flush): boolean {
  if (!told) return firingKeys.size > 0;
  if (!firingKeys.isSubsetOf(told.firing)) return true;
  if (firingKeys.size === 0) return told.firing.size > 0;
  if (tellsOfEnd && !endedKeys.isSubsetOf(told.resolved)) return true;
  return told.at < now - route.repeatIntervalMs;
}

function fires({ firingAt, endedAt = Number.POSITIVE_INFINITY }: SentAlert, at: number): boolean {
  return firingAt <= at && at <= endedAt;
}

function faster(route: Route, speed: number): Route {
  const { groupWaitMs, groupIntervalMs, repeatIntervalMs } = route;
  return {
    ...route,
    groupWaitMs: groupWaitMs / speed,
    groupIntervalMs: groupIntervalMs / speed,
    repeatIntervalMs: repeatIntervalMs / speed,
  };
}

function groupLabels({ groupBy }: Route, labels: Labels): Labels {
  if (groupBy.includes('...')) return labels;
  return Object.fromEntries(
    groupBy.flatMap((label) => (label in labels ? [[label, labels[label] ?? '']] : [])),
  );
}
