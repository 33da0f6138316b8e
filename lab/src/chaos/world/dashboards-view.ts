/** What the dashboards have to show of an experiment: their sources (grafana/src) say which panel waits for which. */
import type { Shown } from '../run/world.ts';

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
