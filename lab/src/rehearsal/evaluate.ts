/** Plays a set of rules against one recording: what each alert would have done, evaluation after evaluation. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ReadRules } from '../chaos/report/charts.ts';
import { writeEntries } from '../recordings/archive.ts';
import { selectorText } from '../recordings/needed-series.ts';
import type { Episode, Recording, RecordingFacts } from '../recordings/recording.ts';
import type { Rule } from '../recordings/rule-set.ts';
import type { RawSeries } from '../remote-storage/read-series.ts';
import { type Point, rawSeries, writeSeries } from '../remote-storage/write-series.ts';
import { type AlertEpisode, type AlertSample, episodesOver } from './alert-states.ts';
import { HeldSeries, newSelectors } from './held-series.ts';
import { alertsToShow, drawAll, type Picture } from './pictures.ts';
import type { Plan } from './plan.ts';
import {
  type Evaluation,
  evaluateOver,
  evaluateTogether,
  type Grid,
  holdsSeries,
  queryAt,
  type Series,
} from './query-range.ts';
import { type PrometheusProgram, ScratchPrometheus } from './scratch-prometheus.ts';
import { isTemplate, type TemplateCase, type Templates } from './templates.ts';

export interface EvaluateOptions {
  recording: Recording;
  /** The rules to play, and those that were loaded, at the recording's time scale. */
  rules: readonly Rule[];
  recorded: readonly Rule[];
  plan: Plan;
  /** Alerts to play, by name. */
  alerts: ReadonlySet<string>;
  /** The rules that pictures are drawn by, as they were and as they are. */
  drawnBy: { before: ReadRules; after: ReadRules };
  program: PrometheusProgram;
  templates: Templates;
  signal: AbortSignal;
}

export interface Evaluated {
  /** Every episode in the recording's stretch, of the alerts that were played. */
  episodes: AlertEpisode[];
  /** Rules that Prometheus refused to evaluate, with its words. */
  refused: { rule: string; error: string }[];
  /** New selectors of the rules that find nothing in this recording, by rule. */
  unread: Unread[];
  /** The signals of the alerts that a picture shows. */
  pictures: Picture[];
  /** The annotations of each episode that fired, to be filled in with those of the other recordings. */
  texts: EpisodeTexts[];
}

export interface Unread {
  rule: string;
  selector: string;
  /** None of its new selectors finds anything. */
  nothing: boolean;
}

export interface EpisodeTexts {
  episode: AlertEpisode;
  /** Of the annotations, in the order of the texts. */
  names: string[];
  given: TemplateCase;
}

export async function evaluate(options: EvaluateOptions): Promise<Evaluated> {
  const { recording, rules, recorded, plan, program, templates, signal } = options;
  if (options.alerts.size === 0) return { episodes: [], refused: [], unread: [], pictures: [], texts: [] };
  const folder = await mkdtemp(join(tmpdir(), 'lab-rehearsal-'));
  try {
    await writeEntries(recording.blocks, 'data', join(folder, 'data'));
    await using prometheus = await ScratchPrometheus.start({ program, folder, signal });
    const { url } = prometheus;
    const { facts } = recording;
    const show = (after?: readonly Episode[]) => alertsToShow(facts, plan, options.alerts, after);
    // What is recorded anew hides what was recorded.
    const early =
      plan.records.length > 0 ? await drawAll(show(), url, facts, options.drawnBy.before) : undefined;
    const refused: Evaluated['refused'] = [];
    if (plan.records.length > 0) await openForThePast(prometheus, recording.facts);
    for (const { name, rules: writers } of plan.records)
      refused.push(...(await recordAnew(name, writers, prometheus, recording.facts)));
    const played = rules.filter(({ kind, name }) => kind === 'alert' && options.alerts.has(name));
    const held = new HeldSeries(recording, plan);
    const seen = await samplesOf(played, prometheus.url, held, options);
    const episodes = seen.flatMap(({ rule, evaluations, at }) =>
      episodesOver({ rule, evaluations, at, before: activeBefore(rule, evaluations, recording.facts) }),
    );
    const before = early ?? (await drawAll(show(episodes), url, facts, options.drawnBy.before));
    const after = await drawAll(
      before.map(({ alert }) => alert),
      url,
      facts,
      options.drawnBy.after,
    );
    const touched = played.filter(({ name }) => plan.touched.has(name));
    const texts = textsOf(episodes, touched);
    await templates.ask(
      prometheus.url,
      texts.map(({ given }) => given),
    );
    return {
      episodes,
      refused: [
        ...refused,
        ...seen.flatMap(({ rule, error }) => (error ? [{ rule: rule.name, error }] : [])),
      ],
      pictures: before.map(({ alert, drawn }, index) => ({
        alert,
        before: drawn,
        after: after[index]?.drawn,
      })),
      unread: await unreadBy(touched, { recorded, held, url: prometheus.url, facts: recording.facts }),
      texts,
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Seen {
  rule: Rule;
  evaluations: number[];
  at(evaluation: number): readonly AlertSample[] | undefined;
  error: string | undefined;
}

/** What Prometheus says of an expression that reads nothing. */
const SILENT: Evaluation = { series: [], failed: new Set() };

async function samplesOf(
  rules: readonly Rule[],
  url: string,
  held: HeldSeries,
  { recording, templates }: EvaluateOptions,
): Promise<Seen[]> {
  const seen: Seen[] = [];
  for (const group of Map.groupBy(
    rules,
    ({ file, group, intervalMs }) => `${file} ${group} ${intervalMs}`,
  ).values()) {
    const [first] = group;
    if (!first) continue;
    const grid = gridOf(first, recording.facts);
    const evaluations = evaluationsOf(grid, recording.facts);
    const loud = group.filter((rule) => !held.leavesSilent(rule));
    const answers = await evaluateTogether(
      url,
      loud.map(({ expr }) => expr),
      grid,
    );
    for (const rule of group) {
      const { series, failed, error } = answers[loud.indexOf(rule)] ?? SILENT;
      const byTime = new Map<number, AlertSample[]>();
      for (const { labels, source, points } of await labelsOf(rule, series, url, templates))
        for (const [at, value] of points) {
          const samples = byTime.get(at) ?? [];
          byTime.set(at, samples);
          samples.push({ labels, source, value });
        }
      seen.push({
        rule,
        evaluations,
        at: (at) => (failed.has(at) ? undefined : (byTime.get(at) ?? [])),
        error,
      });
    }
  }
  return seen;
}

/** The moments within the recording at which a rule's group is evaluated. */
export function gridOf({ file, group, intervalMs }: Rule, { from, to, groups }: RecordingFacts): Grid {
  const known = groups.find((each) => each.file === file && each.group === group);
  const phase = (known ?? groups[0])?.phaseMs ?? 0;
  const first = from + ((((phase - from) % intervalMs) + intervalMs) % intervalMs);
  return { from: first, to, stepMs: intervalMs };
}

function evaluationsOf({ from, to, stepMs }: Grid, { pauses }: RecordingFacts): number[] {
  const all = Array.from({ length: Math.max(0, Math.floor((to - from) / stepMs) + 1) }, (_, index) => {
    return from + index * stepMs;
  });
  return all.filter((at) => !pauses.some((pause) => pause.from < at && at < pause.to));
}

interface Labelled extends Series {
  /** The labels that the expression gave: templates speak of these. */
  source: Record<string, string>;
}

/** Adds the rule's own labels; a template is filled in for each sample that makes it another text. */
async function labelsOf(
  { labels: own }: Rule,
  series: readonly Series[],
  url: string,
  templates: Templates,
): Promise<Labelled[]> {
  const texts = Object.values(own);
  const merge = (source: Readonly<Record<string, string>>, values: readonly string[]) => {
    const merged = {
      ...source,
      ...Object.fromEntries(Object.keys(own).map((name, at) => [name, values[at] ?? ''])),
    };
    // An empty label is none; the names of the series and of the alert are no labels of their own here.
    return Object.fromEntries(
      Object.entries(merged).filter(
        ([name, value]) => value !== '' && name !== '__name__' && name !== 'alertname',
      ),
    );
  };
  if (!texts.some(isTemplate))
    return series.map(({ labels, points }) => ({ labels: merge(labels, texts), source: labels, points }));
  const cases = series.flatMap(({ labels, points }) =>
    points.map(([at, value]): TemplateCase => ({ texts, labels, value, at })),
  );
  const rendered = await templates.render(url, cases);
  return cases.map(({ labels, at, value }, index) => ({
    labels: merge(labels, rendered[index] ?? []),
    source: { ...labels },
    points: [[at, value]],
  }));
}

/** What was active as the recording begins goes on, as Prometheus restores it after a start. */
function activeBefore(
  { name }: Rule,
  evaluations: readonly number[],
  { fired, from }: RecordingFacts,
): Episode[] {
  const [first = from] = evaluations;
  return fired
    .filter(
      ({ alert, pendingAt, endedAt = Number.POSITIVE_INFINITY }) =>
        alert === name && pendingAt < first && endedAt >= from,
    )
    .map(({ firingAt, ...episode }) =>
      firingAt !== undefined && firingAt < first ? { ...episode, firingAt } : episode,
    );
}

/** Writes a sample behind everything recorded: only then does Prometheus take older ones for late, and not for too late. */
async function openForThePast(prometheus: ScratchPrometheus, { to }: RecordingFacts): Promise<void> {
  await writeSeries(prometheus.url, [rawSeries({ __name__: 'rehearsal_end' }, [[to + 60_000, 1]])]);
}

/** Computes a recorded series from the edited rules, and puts it in the place of what was recorded. */
async function recordAnew(
  name: string,
  rules: readonly Rule[],
  prometheus: ScratchPrometheus,
  facts: RecordingFacts,
): Promise<Evaluated['refused']> {
  const refused: Evaluated['refused'] = [];
  const written: RawSeries[] = [];
  const selector = selectorText([{ label: '__name__', operator: '=', value: name }]);
  const { from, to } = facts;
  // What was recorded up to here ends here; else its last value would be read for five minutes.
  for (const { labels } of await queryAt(prometheus.url, selector, from))
    written.push(rawSeries({ ...labels, __name__: name }, [[from - 1, 'stale']]));
  for (const rule of rules) {
    const grid = gridOf(rule, facts);
    const { series, error } = await evaluateOver(prometheus.url, rule.expr, grid);
    if (error !== undefined) refused.push({ rule: name, error });
    const evaluations = evaluationsOf(grid, facts);
    for (const { labels, points } of series)
      written.push(
        rawSeries({ ...labels, ...rule.labels, __name__: name }, withEnds(new Map(points), evaluations)),
      );
  }
  await prometheus.deleteSeries(selector, { from, to });
  await writeSeries(prometheus.url, written);
  return refused;
}

/** A rule that gives a series no more marks its end, so that nobody reads the last value for five minutes. */
function withEnds(values: ReadonlyMap<number, number>, evaluations: readonly number[]): Point[] {
  const points: Point[] = [];
  let present = false;
  for (const at of evaluations) {
    const value = values.get(at);
    if (value !== undefined) points.push([at, value]);
    else if (present) points.push([at, 'stale']);
    present = value !== undefined;
  }
  return points;
}

/** A misspelt name reads nothing, and so does a new one that no recording holds. */
async function unreadBy(
  rules: readonly Rule[],
  {
    recorded,
    held,
    url,
    facts: { from, to },
  }: { recorded: readonly Rule[]; held: HeldSeries; url: string; facts: RecordingFacts },
): Promise<Unread[]> {
  const asked = new Map<string, boolean>();
  const unread: Unread[] = [];
  for (const rule of rules) {
    const selectors = newSelectors(rule, recorded);
    for (const [selector, matchers] of selectors)
      if (!asked.has(selector))
        asked.set(selector, held.mayHold(matchers) && (await holdsSeries(url, selector, { from, to })));
    const without = [...selectors.keys()].filter((selector) => !asked.get(selector));
    const nothing = without.length === selectors.size;
    unread.push(...without.map((selector) => ({ rule: rule.name, selector, nothing })));
  }
  return unread;
}

function textsOf(episodes: readonly AlertEpisode[], rules: readonly Rule[]): EpisodeTexts[] {
  return episodes.flatMap((episode) => {
    const { alert, source: labels, firingAt: at, value } = episode;
    const rule = rules.find(({ name }) => name === alert);
    if (!rule || at === undefined || Number.isNaN(value)) return [];
    const names = Object.keys(rule.annotations);
    return [{ episode, names, given: { texts: Object.values(rule.annotations), labels, value, at } }];
  });
}
