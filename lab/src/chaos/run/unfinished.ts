/** What earlier experiments have left that matters to the next: alerts that are not over, or of whose end the inbox has not heard. */

import type { Former } from '../plan/choose-next.ts';
import { deliveredAlerts, namedAlerts } from '../plan/facts.ts';
import type { Running, Session } from './run-experiment.ts';
import type { Timing } from './timing.ts';

/** A message that does not come within two of Alertmanager's group intervals does not come. */
const INTERVALS = 2;

/**
 * @param open those that still wait for promised ends or messages.
 * @param begunAt when the run began, Unix milliseconds: what the inbox heard before is another run's.
 */
export function formersOf(
  running: readonly Running[],
  open: ReadonlySet<Running>,
  session: Session,
  begunAt: number,
): Former[] {
  const before = { experiment: undefined, open: false, unfinished: leftBefore(begunAt, session) };
  const former = (each: Running) => ({
    experiment: each.record.experiment,
    open: open.has(each),
    unfinished: unfinishedOf(each, open.has(each), session),
  });
  return [before, ...running.map(former)];
}

/** Alerts of which the inbox last heard before the run that they fire. */
function leftBefore(begunAt: number, { observer: { chronicle }, clock, timing }: Session): Set<string> {
  if (clock.now() >= begunAt + longestMs(timing)) return new Set();
  const early = chronicle.messages.filter(({ receivedAt }) => receivedAt < begunAt);
  const alerts = [...new Set(early.map(({ alert }) => alert))];
  return new Set(alerts.filter((alert) => chronicle.untold(alert, 0).length > 0));
}

function longestMs({ groupIntervalMs, speed, patience }: Timing): number {
  return ((INTERVALS * groupIntervalMs) / speed) * patience;
}

function unfinishedOf(
  { record }: Running,
  open: boolean,
  { observer: { chronicle }, clock, timing, steadyState }: Session,
): Set<string> {
  const { experiment, methodFrom, rollbackFrom, endedAt } = record;
  if (methodFrom === undefined) return new Set();
  const intervalMs = timing.groupIntervalMs / timing.speed;
  const now = clock.now();
  if (!open && now >= (endedAt ?? now) + longestMs(timing)) return new Set();
  const active = new Set(chronicle.active().map(({ alert }) => alert));
  const delivered = deliveredAlerts(experiment);
  // While the way was broken, a try that began before an alert's end may get through until its interval is over.
  const wayWasBroken = experiment.alerts.must.some(({ inbox }) => inbox === 'late');
  const isUnfinished = (alert: string) => {
    if (active.has(alert) || chronicle.untold(alert, methodFrom).length > 0) return true;
    const heardOf = chronicle.message(alert, 'firing', methodFrom) !== undefined;
    if (wayWasBroken && !heardOf && chronicle.firedWithin(alert, intervalMs, now)) return true;
    if (!open || !delivered.includes(alert)) return false;
    return heardOf && chronicle.message(alert, 'resolved', rollbackFrom ?? methodFrom) === undefined;
  };
  const remembering = (alert: string) => alert in steadyState.remembering.alerts;
  return new Set(namedAlerts(experiment).filter((alert) => !remembering(alert) && isUnfinished(alert)));
}
