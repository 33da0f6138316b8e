/**
 * What an alert rule makes of its expression's results: pending, firing, kept firing, over. The same steps as Prometheus's own
 * (rules/alerting.go, AlertingRule.Eval), evaluation after evaluation.
 */
import type { Episode } from '../recordings/recording.ts';
import type { Rule } from '../recordings/rule-set.ts';

/** An alert's labels, its own name left out, with the value of its expression at an evaluation. */
export interface AlertSample {
  labels: Record<string, string>;
  /** The labels that the expression gave, without those of the rule. */
  source: Record<string, string>;
  value: number;
}

export interface AlertEpisode extends Episode {
  /** The value of the expression when it began to fire; before, the value when it became true. */
  value: number;
  source: Record<string, string>;
}

export interface StateOptions {
  rule: Pick<Rule, 'name' | 'forMs' | 'keepFiringForMs'>;
  /** Unix milliseconds, in order. */
  evaluations: readonly number[];
  /** What the expression gives at an evaluation; undefined where Prometheus refuses it, which leaves everything as it is. */
  at(evaluation: number): readonly AlertSample[] | undefined;
  /** Active before the first evaluation. */
  before: readonly Episode[];
}

interface Active {
  episode: AlertEpisode;
  keepFiringSince: number | undefined;
}

/** Returns every episode in the order in which they became pending. `endedAt` is the last evaluation at which it was active. */
export function episodesOver({ rule, evaluations, at, before }: StateOptions): AlertEpisode[] {
  const episodes: AlertEpisode[] = [];
  const active = new Map<string, Active>();
  let last = evaluations[0] ?? 0;
  for (const { endedAt, ...given } of before) {
    const episode = { ...given, value: Number.NaN, source: given.labels };
    episodes.push(episode);
    // Since when it had been kept is not recorded, but for how long it was kept is.
    const keepFiringSince = endedAt === undefined ? undefined : endedAt - rule.keepFiringForMs + 1;
    active.set(keyOf(given.labels), { episode, keepFiringSince });
  }
  for (const now of evaluations) {
    const samples = at(now);
    if (samples === undefined) continue;
    const seen = new Set<string>();
    for (const { labels, source, value } of samples) {
      const key = keyOf(labels);
      seen.add(key);
      if (active.has(key)) continue;
      const episode: AlertEpisode = { alert: rule.name, labels, source, pendingAt: now, value };
      episodes.push(episode);
      active.set(key, { episode, keepFiringSince: undefined });
    }
    for (const [key, one] of active) {
      if (seen.has(key)) one.keepFiringSince = undefined;
      else if (!isKept(one, rule.keepFiringForMs, now)) {
        one.episode.endedAt = last;
        active.delete(key);
        continue;
      }
      if (one.episode.firingAt === undefined && now - one.episode.pendingAt >= rule.forMs) {
        one.episode.firingAt = now;
        one.episode.value = samples.find(({ labels }) => keyOf(labels) === key)?.value ?? one.episode.value;
      }
    }
    last = now;
  }
  return episodes;
}

function isKept(one: Active, keepFiringForMs: number, now: number): boolean {
  if (one.episode.firingAt === undefined || keepFiringForMs === 0) return false;
  one.keepFiringSince ??= now;
  return now - one.keepFiringSince < keepFiringForMs;
}

export function keyOf(labels: Readonly<Record<string, string>>): string {
  return JSON.stringify(Object.entries(labels).sort(([one], [other]) => (one < other ? -1 : 1)));
}
