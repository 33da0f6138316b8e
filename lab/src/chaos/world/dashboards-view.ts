/** What the dashboards have to show of experiments, and of the lab once it has been through them: their sources (grafana/src) say it. */
import { setTimeout as pause } from 'node:timers/promises';
import { syntheticVisitor } from '../../load/synthetic-visitor.ts';
import type { Checked, Shown } from '../run/world.ts';

/** A page view is seen by a rate after the second scrape; what an experiment stopped last needs no longer to be back either. */
const OPENS_WITHIN_MS = 90_000;
const AGAIN_MS = 5_000;

/** Every place that waits for the experiment, with why it stayed empty between two moments (Unix milliseconds). */
export async function shownBetween(
  prometheusUrl: string,
  experiment: string,
  between: { from: number; to: number },
): Promise<Shown[]> {
  // Half a second of loading that no other command has to wait for.
  const { filledBy } = await import('@lab/grafana');
  return filledBy(experiment, { url: prometheusUrl, between });
}

/**
 * What the gate of the dashboards finds, asked until it is open; nothing where the traffic is too young for what needs a past.
 * @throws Error where Prometheus cannot be reached, or at an interruption.
 */
export async function checkGate({
  prometheusUrl,
  webUrl,
  signal,
}: {
  prometheusUrl: string;
  webUrl: string;
  signal: AbortSignal;
}): Promise<Checked[]> {
  const { checkDashboards, DASHBOARDS, fullAge, promisesOf } = await import('@lab/grafana');
  // The background load sends requests alone, and browsers report page views.
  const visitor = syntheticVisitor({ webUrl, cookie: '' });
  try {
    const deadline = Date.now() + OPENS_WITHIN_MS;
    for (;;) {
      const verdict = await checkDashboards(prometheusUrl, DASHBOARDS);
      if (verdict.minutesOfTraffic < fullAge(DASHBOARDS)) return [];
      const promises = promisesOf(verdict);
      if (promises.every(({ broken }) => broken.length === 0) || Date.now() >= deadline) return promises;
      await pause(AGAIN_MS, undefined, { signal });
    }
  } finally {
    await visitor.stop();
  }
}
