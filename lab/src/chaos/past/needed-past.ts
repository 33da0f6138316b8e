/** The past that experiments need before they can begin: how much of it, and of which recorded series. Read from hypotheses and rules. */
import { type Recording, type Recordings, recordedPast, scalePromql, seriesRead } from '@lab/prometheus';
import type { Experiment, Hypothesis } from '../experiment/schema.ts';

export interface NeededPast {
  /** As far as the hypotheses look back, milliseconds of production. */
  reachMs: number;
  /** Names of recorded series that hypotheses or alerts look back at within that. */
  series: string[];
}

export interface RulesWithPast {
  recordings: Recordings;
  /** Expressions of the alerts. */
  alerts: readonly string[];
}

/** Returns undefined where no experiment looks back: what every experiment asks is content with a lab that has learned nothing yet. */
export function neededPast(
  experiments: readonly Pick<Experiment, 'hypothesis'>[],
  everybodys: readonly Hypothesis[],
  { recordings, alerts }: RulesWithPast,
): NeededPast | undefined {
  const readsOf = (expression: string) => recordedPast(expression, recordings);
  const own = experiments.flatMap(({ hypothesis }) => hypothesis.flatMap(({ query }) => readsOf(query)));
  if (own.length === 0) return undefined;
  const reachMs = Math.max(...own.map((read) => read.reachMs));
  const all = [...own, ...everybodys.flatMap(({ query }) => readsOf(query)), ...alerts.flatMap(readsOf)];
  const within = all.filter((read) => read.reachMs <= reachMs);
  return { reachMs, series: [...new Set(within.map(({ metric }) => metric))].sort() };
}

/**
 * Scales a recording rule's expression so that its longest window is `windowMs`: what is true of a moment ago, in place of what a
 * window says that reaches back before the traffic began.
 */
export function lately({ expr }: Recording, windowMs: number): string {
  const longest = Math.max(0, ...seriesRead(expr).map(({ reachMs }) => reachMs));
  return longest === 0 ? expr : scalePromql(expr, longest / windowMs);
}
