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

/**
 * Returns what was pending or fired, from the series `ALERTS` and `ALERTS_FOR_STATE`.
 * @param results series that rules wrote.
 * @param groups when the rules were evaluated.
 */
export function episodesOf(
  results: readonly RawSeries[],
  rules: readonly Rule[],
  groups: RecordingFacts['groups'],
): Episode[] {
  const activeSince = new Map(
    named(results, 'ALERTS_FOR_STATE').map((series) => [labelsKey(series), new Map(pointsOf(series))]),
  );
  const seen = new Map<string, { labels: Record<string, string>; states: Map<number, AlertState> }>();
  for (const series of named(results, 'ALERTS')) {
    const { __name__: _, alertstate, ...labels } = series.labels;
    const key = labelsKey(series);
    const one = seen.get(key) ?? { labels, states: new Map() };
    seen.set(key, one);
    for (const [at, value] of pointsOf(series))
      if (value !== 'stale') one.states.set(at, alertstate === 'firing' ? 'firing' : 'pending');
  }
  return [...seen]
    .flatMap(([key, { labels, states }]) => {
      const { alertname = '', ...own } = labels;
      const clock = clockOf(alertname, rules, groups);
      const spans = episodesIn(
        [...states].sort(([a], [b]) => a - b),
        MISSED * clock.intervalMs,
      );
      const episodes = spans.map(
        (episode): Episode => ({
          alert: alertname,
          labels: own,
          ...episode,
          pendingAt: exactly(activeSince.get(key)?.get(episode.pendingAt), clock) ?? episode.pendingAt,
        }),
      );
      return rejoined(episodes);
    })
    .sort((one, other) => one.pendingAt - other.pendingAt || (one.alert < other.alert ? -1 : 1));
}

/** A series that has been active since the same moment was not over in between: nothing was evaluated meanwhile, or more rarely. */
export function rejoined(episodes: readonly Episode[]): Episode[] {
  const whole: Episode[] = [];
  for (const episode of episodes) {
    const before = whole.at(-1);
    if (before?.pendingAt !== episode.pendingAt) whole.push(episode);
    else whole.splice(-1, 1, { ...episode, ...(before.firingAt && { firingAt: before.firingAt }) });
  }
  return whole;
}

type AlertState = 'pending' | 'firing';

function named(results: readonly RawSeries[], name: string): RawSeries[] {
  return results.filter(({ labels }) => labels['__name__'] === name);
}

function labelsKey({ labels: { __name__: _, alertstate: __, ...labels } }: RawSeries): string {
  return JSON.stringify(Object.entries(labels).sort());
}

interface EvaluationClock {
  intervalMs: number;
  phaseMs: number | undefined;
}

function clockOf(alert: string, rules: readonly Rule[], groups: RecordingFacts['groups']): EvaluationClock {
  const rule = rules.find(({ kind, name }) => kind === 'alert' && name === alert);
  const group = groups.find((each) => each.file === rule?.file && each.group === rule?.group);
  return { intervalMs: rule?.intervalMs ?? 1000, phaseMs: group?.phaseMs };
}

/** `ALERTS_FOR_STATE` leaves the milliseconds out: it was the evaluation within that second. */
function exactly(
  seconds: number | 'stale' | undefined,
  { intervalMs, phaseMs }: EvaluationClock,
): number | undefined {
  if (seconds === undefined || seconds === 'stale' || phaseMs === undefined) return undefined;
  const from = seconds * 1000;
  return from + ((((phaseMs - from) % intervalMs) + intervalMs) % intervalMs);
}

type Span = Pick<Episode, 'pendingAt' | 'firingAt' | 'endedAt'>;

function episodesIn(states: readonly (readonly [number, AlertState])[], gapMs: number): Span[] {
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
