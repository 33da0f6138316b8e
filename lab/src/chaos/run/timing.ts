/** From durations of production to moments of a run at some time scale. */

/** What a run counts by; all milliseconds of production but where said. */
export interface Timing {
  /** Rules run this many times faster than written. */
  speed: number;
  /** As loaded, wall-clock milliseconds: they do not go below a second. */
  scrapeMs: number;
  evaluationMs: number;
  groupWaitMs: number;
  groupIntervalMs: number;
  /** `for` of each alert, as written. */
  forMs: ReadonlyMap<string, number>;
  /** How much more than promised is waited for on slow machines; 1 is as promised. */
  patience: number;
}

/** Scrapes, evaluations, restarts and looks take their time at any scale: added to every promise, wall-clock milliseconds. */
export const GRACE_MS = 6_000;

/**
 * Prometheus goes on sending an alert that ended for so long (its `resolvedRetention`, at any time scale), and so keeps its group in
 * Alertmanager. One that fires again meanwhile waits for the group's next interval, not for the wait of a new group.
 */
export const GROUP_LIVES_MS = 15 * 60_000;

/** How long a message may take from firing to the inbox, wall-clock milliseconds. */
export function deliveryMs(
  firedBefore: boolean,
  { groupWaitMs, groupIntervalMs, speed, patience }: Timing,
): number {
  return ((firedBefore ? groupIntervalMs : groupWaitMs) / speed) * patience;
}

/** Longest wall-clock wait for something promised within so much production time. */
export function limitMs(productionMs: number, { speed, patience }: Timing): number {
  return (productionMs / speed + GRACE_MS) * patience;
}
