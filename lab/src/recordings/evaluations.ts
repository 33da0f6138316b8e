/** When the rules were evaluated, read from what they wrote: each result carries the moment of its evaluation. */
import type { RawSeries } from '../remote-storage/read-series.ts';
import type { Episode, RecordingFacts } from './recording.ts';
import type { Rule } from './rule-set.ts';
import { pointsOf } from './samples.ts';

/** Evaluations so many intervals apart had none between them. */
const MISSED = 1.5;

/** Returns the moment within its interval at which each group was evaluated. @param results series that rules wrote. */
export function phasesOf(rules: readonly Rule[], results: readonly RawSeries[]): RecordingFacts['groups'] {
  const groups = new Map<string, { rule: Rule; times: number[] }>();
  for (const rule of rules) {
    const key = `${rule.file} ${rule.group}`;
    const group = groups.get(key) ?? { rule, times: [] };
    groups.set(key, group);
    for (const series of results)
      if (wrote(rule, series)) group.times.push(...pointsOf(series).map(([at]) => at));
  }
  return [...groups.values()].flatMap(({ rule: { file, group, intervalMs }, times }) => {
    const phaseMs = mostFrequent(times.map((at) => at % intervalMs));
    return phaseMs === undefined ? [] : [{ file, group, phaseMs }];
  });
}

/** Returns the stretches in which no rule wrote anything, Unix milliseconds. */
export function pausesOf(
  results: readonly RawSeries[],
  { from, to, evaluationMs }: { from: number; to: number; evaluationMs: number },
): RecordingFacts['pauses'] {
  const inside = results.flatMap(pointsOf).map(([at]) => at);
  const times = [...new Set(inside)].filter((at) => at >= from && at <= to).sort((a, b) => a - b);
  const pauses: RecordingFacts['pauses'] = [];
  let before = from;
  for (const at of [...times, to]) {
    if (at - before > MISSED * evaluationMs) pauses.push({ from: before, to: at });
    before = at;
  }
  return pauses;
}

/** Returns what fired, from the series `ALERTS`. @param alerts those series. @param intervalMs of an alert's evaluation. */
export function episodesOf(alerts: readonly RawSeries[], intervalMs: (alert: string) => number): Episode[] {
  const byAlert = new Map<
    string,
    { labels: Record<string, string>; seen: Map<number, 'pending' | 'firing'> }
  >();
  for (const series of alerts) {
    const { __name__: _, alertstate, ...labels } = series.labels;
    const key = JSON.stringify(Object.entries(labels).sort());
    const one = byAlert.get(key) ?? { labels, seen: new Map() };
    byAlert.set(key, one);
    for (const [at, value] of pointsOf(series))
      if (value !== 'stale') one.seen.set(at, alertstate === 'firing' ? 'firing' : 'pending');
  }
  return [...byAlert.values()]
    .flatMap(({ labels: { alertname = '', ...labels }, seen }) =>
      episodesIn(
        [...seen].sort(([a], [b]) => a - b),
        MISSED * intervalMs(alertname),
      ).map((episode): Episode => ({ alert: alertname, labels, ...episode })),
    )
    .sort((one, other) => one.pendingAt - other.pendingAt || (one.alert < other.alert ? -1 : 1));
}

type Span = Pick<Episode, 'pendingAt' | 'firingAt' | 'endedAt'>;

function episodesIn(states: readonly (readonly [number, 'pending' | 'firing'])[], gapMs: number): Span[] {
  const episodes: Span[] = [];
  let [open, last]: [Span | undefined, number] = [undefined, 0];
  for (const [at, state] of states) {
    // Firing goes over into pending by way of an end.
    if (open && (at - last > gapMs || (state === 'pending' && open.firingAt !== undefined))) {
      open.endedAt = last;
      open = undefined;
    }
    if (!open) {
      open = { pendingAt: at };
      episodes.push(open);
    }
    if (state === 'firing') open.firingAt ??= at;
    last = at;
  }
  if (open) open.endedAt = last;
  return episodes;
}

function wrote(rule: Rule, { labels }: RawSeries): boolean {
  if (rule.kind === 'alert') return labels['__name__'] === 'ALERTS' && labels['alertname'] === rule.name;
  return (
    labels['__name__'] === rule.name &&
    Object.entries(rule.labels).every(([name, value]) => labels[name] === value)
  );
}

function mostFrequent(values: readonly number[]): number | undefined {
  const counts = new Map<number, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return [...counts].sort(([, one], [, other]) => other - one)[0]?.[0];
}
