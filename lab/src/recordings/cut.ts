/** Cuts a recording out of a Prometheus that answers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Matcher, parseDuration } from '@lab/prometheus';
import { parse } from 'yaml';
import { z } from 'zod';
import { CannotRun, describeError } from '../cli/failure.ts';
import { getJson } from '../get-json.ts';
import { type PrometheusProgram, ScratchPrometheus } from '../rehearsal/scratch-prometheus.ts';
import { type RawSeries, readSeries } from '../remote-storage/read-series.ts';
import { writeSeries } from '../remote-storage/write-series.ts';
import { entriesOf } from './archive.ts';
import { episodesOf, pausesOf, phasesOf } from './evaluations.ts';
import { asKnown } from './failed-scrapes.ts';
import { neededSeries } from './needed-series.ts';
import { FORMAT_VERSION, type Recording, type RecordingFacts } from './recording.ts';
import { type Rule, rulesOf } from './rule-set.ts';

/** The caller knows these; the others are read from the Prometheus. */
export type GivenFacts = Pick<
  RecordingFacts,
  'name' | 'title' | 'source' | 'mode' | 'speed' | 'from' | 'to' | 'marks' | 'must' | 'may' | 'overlapped'
>;

export interface CutOptions {
  facts: GivenFacts;
  prometheusUrl: string;
  /** How often its rules were evaluated in that time, milliseconds; without it, as often as they are now. */
  evaluationMs?: number;
  /** The texts of the rules whose series are wanted, as they are written, by name. */
  rules: ReadonlyMap<string, string>;
  /** The text of alertmanager.yml as it is written. */
  alertmanager: string;
  program: PrometheusProgram;
  signal: AbortSignal;
}

/** Before the first evaluation, at least: a series that is scraped less often than others is there too. */
const SHORTEST_REACH_MS = 15_000;
/** Raw series are read from so far back at most. */
const LONGEST_SCRAPES_MS = 6 * 3_600_000;
/** So many requests at a time: the Prometheus has other work. */
const CHUNK = 8;

/** @throws CannotRun where the Prometheus does not answer, or holds nothing of that time. */
export async function cutRecording(options: CutOptions): Promise<Recording> {
  const { facts, prometheusUrl, alertmanager, program, signal } = options;
  const { speed, from, to } = facts;
  const source = await configurationOf(prometheusUrl, signal);
  const evaluationMs = options.evaluationMs ?? parseDuration(source.evaluationInterval);
  const rules = rulesOf(options.rules, { speed, evaluationMs });
  const reading = (matchers: readonly Matcher[], reachMs: number) =>
    readSeries(prometheusUrl, matchers, { from: from - Math.max(reachMs, SHORTEST_REACH_MS), to });
  const needed = [
    ...neededSeries(rules),
    ...resultNames(rules).map((name) => ({
      matchers: [named(name)],
      reachMs: 0,
    })),
  ];
  const read: RawSeries[] = [];
  for (let index = 0; index < needed.length; index += CHUNK) {
    signal.throwIfAborted();
    const chunk = needed.slice(index, index + CHUNK);
    const answers = await Promise.all(chunk.map(({ matchers, reachMs }) => reading(matchers, reachMs)));
    read.push(...answers.flat());
  }
  const scrapes = await reading([named('scrape_duration_seconds')], LONGEST_SCRAPES_MS);
  const own = (all: readonly RawSeries[]) => all.map((each) => without(each, source.externalLabels));
  const series = asKnown(longest(own(read)), own(scrapes));
  const results = series.filter(({ labels }) => resultNames(rules).includes(labels['__name__'] ?? ''));
  if (series.length === 0)
    throw new CannotRun(
      `${prometheusUrl} holds nothing that the rules read from ${iso(from)} to ${iso(to)}; nothing was recorded`,
    );
  const intervals = new Map(rules.map(({ name, intervalMs }) => [name, intervalMs]));
  const alerts = results.filter(({ labels }) => labels['__name__'] === 'ALERTS');
  return {
    facts: {
      version: FORMAT_VERSION,
      ...facts,
      evaluationMs,
      groups: phasesOf(rules, results),
      pauses: pausesOf(results, { from, to, evaluationMs }),
      fired: episodesOf(alerts, (alert) => intervals.get(alert) ?? evaluationMs).filter(
        ({ firingAt }) => firingAt !== undefined,
      ),
    },
    rules: options.rules,
    alertmanager,
    blocks: await blocksOf(series, { program, signal }),
  };
}

function named(value: string): Matcher {
  return { label: '__name__', operator: '=', value };
}

/** Names of the series that rules write. */
function resultNames(rules: readonly Rule[]): string[] {
  const recorded = rules.filter(({ kind }) => kind === 'record').map(({ name }) => name);
  return [...new Set(['ALERTS', 'ALERTS_FOR_STATE', ...recorded])];
}

/** Selectors overlap: of each series the longest piece is kept, for all of them end together. */
function longest(read: readonly RawSeries[]): RawSeries[] {
  const kept = new Map<string, RawSeries>();
  for (const series of read) {
    const key = JSON.stringify(Object.entries(series.labels).sort());
    const known = kept.get(key);
    if (!known || series.from < known.from) kept.set(key, series);
  }
  return [...kept.values()];
}

/** A remote read adds the labels that a Prometheus shows to the outside only. */
function without(series: RawSeries, externalLabels: Readonly<Record<string, string>>): RawSeries {
  const own = Object.entries(series.labels).filter(([name, value]) => externalLabels[name] !== value);
  return { ...series, labels: Object.fromEntries(own) };
}

/** Has a Prometheus of our own make blocks of them. */
async function blocksOf(
  series: readonly RawSeries[],
  { program, signal }: Pick<CutOptions, 'program' | 'signal'>,
): Promise<Recording['blocks']> {
  const folder = await mkdtemp(join(tmpdir(), 'lab-recording-'));
  try {
    await using scratch = await ScratchPrometheus.start({ program, folder, signal });
    await writeSeries(scratch.url, series);
    return await entriesOf(await scratch.snapshot(signal), 'data');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const statusAnswer = z.object({ data: z.object({ yaml: z.string() }) });
const configurationSchema = z.looseObject({
  global: z
    .looseObject({
      evaluation_interval: z.string().default('1m'),
      external_labels: z.record(z.string(), z.coerce.string()).default({}),
    })
    .prefault({}),
});

async function configurationOf(
  prometheusUrl: string,
  signal: AbortSignal,
): Promise<{ evaluationInterval: string; externalLabels: Record<string, string> }> {
  try {
    const answer = statusAnswer.parse(await getJson(`${prometheusUrl}/api/v1/status/config`, signal));
    const { global } = configurationSchema.parse(parse(answer.data.yaml));
    return { evaluationInterval: global.evaluation_interval, externalLabels: global.external_labels };
  } catch (cause) {
    throw new CannotRun(`no Prometheus answers at ${prometheusUrl}: ${describeError(cause)}`, { cause });
  }
}

function iso(at: number): string {
  return new Date(at).toISOString();
}
