import type { Experiment } from '../experiment/schema.ts';
import type { Timing } from '../run/timing.ts';

type Needs = Experiment['alerts']['must'][number]['needs'];

/**
 * The soonest an alert can fire after the method is in force, wall-clock milliseconds: what its expression needs (window × threshold
 * ÷ injected ratio), one scrape and one evaluation until that is seen, and `for`, which lasts whole evaluations.
 */
export function soonestFiringMs(alert: string, needs: Needs, timing: Timing): number {
  const { share, time = 0, seconds = 0 } = needs;
  const filled = share ? (share.window * share.threshold) / share.injected : 0;
  const waiting = (timing.forMs.get(alert) ?? 0) / timing.speed;
  const held = Math.ceil(waiting / timing.evaluationMs) * timing.evaluationMs;
  return (filled + time) / timing.speed + seconds * 1000 + timing.scrapeMs + timing.evaluationMs + held;
}

/** The same until its message is in the inbox: Alertmanager collects a new group for its group wait. */
export function soonestInboxMs(alert: string, needs: Needs, timing: Timing): number {
  return soonestFiringMs(alert, needs, timing) + timing.groupWaitMs / timing.speed;
}
