/** Cuts a recording out of a Prometheus that answers. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseDuration } from '@lab/prometheus';
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
import { type NeededSeries, neededSeries, reachOf, thinned } from './needed-series.ts';
import { type Episode, FORMAT_VERSION, type Recording, type RecordingFacts } from './recording.ts';
import { type Rule, rulesOf } from './rule-set.ts';
import { union } from './samples.ts';

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

/** What rules wrote is kept from so long before the first evaluation: what was pending or firing then is seen to begin. */
const RESULTS_REACH_MS = 60_000;
/** So many requests at a time: the Prometheus has other work. */
const CHUNK = 8;

/** @throws CannotRun where the Prometheus does not answer, or holds nothing of that time. */
export async function cutRecording(options: CutOptions): Promise<Recording> {
  const { facts, prometheusUrl, alertmanager, program, signal } = options;
  const { speed, from, to } = facts;
  const source = await configurationOf(prometheusUrl, signal);
  const evaluationMs = options.evaluationMs ?? parseDuration(source.evaluationInterval);
  const rules = rulesOf(options.rules, { speed, evaluationMs });
  const read = async (needed: NeededSeries) => {
    const found = await readSeries(prometheusUrl, needed.matchers, { from: from - reachOf(needed), to });
    return found.map((each) => without(thinned(each, needed, from), source.externalLabels));
  };
  const needed = [
    ...neededSeries(rules, evaluationMs),
    ...resultNames(rules).map((name) => allOf(name, RESULTS_REACH_MS)),
  ];
  const found: RawSeries[] = [];
  for (let index = 0; index < needed.length; index += CHUNK) {
    signal.throwIfAborted();
    found.push(...(await Promise.all(needed.slice(index, index + CHUNK).map(read))).flat());
  }
  const scrapes = await read(allOf('scrape_duration_seconds', Math.max(...needed.map(reachOf))));
  const series = asKnown(merged(found), scrapes);
  const results = series.filter(({ labels }) => resultNames(rules).includes(labels['__name__'] ?? ''));
  if (series.length === 0)
    throw new CannotRun(
      `${prometheusUrl} holds nothing that the rules read from ${iso(from)} to ${iso(to)}; nothing was recorded`,
    );
  const groups = phasesOf(rules, results);
  const pauses = pausesOf(results, { from, to, evaluationMs });
  return {
    facts: {
      version: FORMAT_VERSION,
      ...facts,
      from: afterLastPause(facts, pauses),
      evaluationMs,
      groups,
      pauses,
      fired: episodesOf(results, rules, groups)
        .filter(({ firingAt }) => firingAt !== undefined)
        .map((episode) => openEnded(episode, rules, to)),
    },
    rules: withoutComments(options.rules),
    alertmanager,
    blocks: await blocksOf(series, { program, signal }),
  };
}

/** Active at the last evaluation: whether it ended with it is not known. */
function openEnded({ endedAt, ...episode }: Episode, rules: readonly Rule[], to: number): Episode {
  const intervalMs = rules.find(({ name }) => name === episode.alert)?.intervalMs ?? 0;
  return endedAt === undefined || endedAt + intervalMs > to ? episode : { ...episode, endedAt };
}

/** A pause before the method is a change of configuration: what is evaluated before it follows another clock. */
function afterLastPause(
  { from, marks: { methodFrom = from } }: GivenFacts,
  pauses: RecordingFacts['pauses'],
): number {
  return Math.max(from, ...pauses.flatMap(({ to }) => (to <= methodFrom ? [to] : [])));
}

/** Every sample of the series of a name. */
function allOf(name: string, denseMs: number): NeededSeries {
  return { matchers: [{ label: '__name__', operator: '=', value: name }], denseMs, sparse: [] };
}

/** Names of the series that rules write. */
function resultNames(rules: readonly Rule[]): string[] {
  const recorded = rules.filter(({ kind }) => kind === 'record').map(({ name }) => name);
  return [...new Set(['ALERTS', 'ALERTS_FOR_STATE', ...recorded])];
}

/** Selectors overlap: a series has the samples that any of them reads. */
function merged(found: readonly RawSeries[]): RawSeries[] {
  const byLabels = new Map<string, RawSeries>();
  for (const series of found) {
    const key = JSON.stringify(Object.entries(series.labels).sort());
    const known = byLabels.get(key);
    byLabels.set(key, known ? union(known, series) : series);
  }
  return [...byLabels.values()];
}

/** A remote read adds the labels that a Prometheus shows to the outside only. */
function without(series: RawSeries, externalLabels: Readonly<Record<string, string>>): RawSeries {
  const own = Object.entries(series.labels).filter(([name, value]) => externalLabels[name] !== value);
  return { ...series, labels: Object.fromEntries(own) };
}

/** What only people read is not kept once more in each recording; what tells a number's scale is. */
function withoutComments(rules: ReadonlyMap<string, string>): Map<string, string> {
  return new Map(
    [...rules].map(([name, text]) => [
      name,
      text
        .split('\n')
        .filter((line) => !/^\s*#(?!\s*scale:)/.test(line) && line.trim() !== '')
        .join('\n'),
    ]),
  );
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
