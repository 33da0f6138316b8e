/**
 * The last minutes before a young lab's first sample, as OpenMetrics text: each series at the value that it has under calm traffic.
 * Recorded series carry no mark, so that the lab's own continue them; beside them stands a series that tells what was invented.
 */
import type { Sample } from '../readiness/prometheus-client.ts';
import { MARK } from './open-metrics.ts';
import type { Span } from './timeline.ts';

export interface RecentPast extends Span {
  /** Between samples, milliseconds: as dense as the rules' own, for means and quantiles count samples. */
  stepMs: number;
  /** What to continue backwards: labels with `__name__`, and the value. */
  series: readonly Sample[];
}

/** Is 1 where the past is invented, and 0 as its last sample: a last 1 would count as current for five minutes more. */
const PHASE = { __name__: 'lab_history_phase', phase: 'calm', ...MARK };

/** Yields the text of one series after another, oldest sample first; without the closing `# EOF`. Times are Unix milliseconds. */
export function* recentPast({ from, to, stepMs, series }: RecentPast): Generator<string> {
  const times: number[] = [];
  for (let time = to; time >= from; time -= stepMs) times.unshift(time);
  for (const { labels, value } of series) {
    const name = nameOf(labels);
    for (const time of times) yield `${name} ${value} ${time / 1000}\n`;
  }
  const phase = nameOf(PHASE);
  for (const time of times) yield `${phase} ${time === to ? 0 : 1} ${time / 1000}\n`;
}

function nameOf({ __name__ = '', ...labels }: Record<string, string>): string {
  const pairs = Object.entries(labels).map(([label, value]) => `${label}=${JSON.stringify(value)}`);
  return pairs.length === 0 ? __name__ : `${__name__}{${pairs.join(',')}}`;
}
