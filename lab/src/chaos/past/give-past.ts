/**
 * Gives a lab that has just started the past that its experiments need: what calm traffic does now, continued backwards to before the
 * lab's first sample. It is put in and taken out as `make history` does it, and marked in the same way.
 */
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readAlerts, readRules, recordingsOf } from '@lab/prometheus';
import { CannotRun, describeError } from '../../cli/failure.ts';
import { formatDuration } from '../../cli/output.ts';
import { buildBlocksOf } from '../../history/build-blocks.ts';
import { installBlocks, removeBlocks } from '../../history/install.ts';
import { recentPast } from '../../history/recent-past.ts';
import { readRecord, recentPastFile } from '../../history/record.ts';
import { findPromtool, prometheusPart } from '../../history/running-prometheus.ts';
import { query, type Sample } from '../../readiness/prometheus-client.ts';
import type { LabPaths } from '../../settings/paths.ts';
import type { Stack } from '../../stack/stack.ts';
import { until } from '../../wait.ts';
import type { Experiment, Hypothesis, SteadyState } from '../experiment/schema.ts';
import type { Guardian } from '../guardian/guardian.ts';
import type { Timing } from '../run/timing.ts';
import { lately, type NeededPast, neededPast, type RulesWithPast } from './needed-past.ts';

/** So much traffic is measured before it is continued backwards: a few scrapes at the shortest interval. */
const MEASURED_MS = 4_000;
const MEASURED_DEADLINE_MS = 30_000;
const SAMPLES_DEADLINE_MS = 15_000;
/** Steps of the clock between what is built and what is asked. */
const MARGIN_MS = 20_000;
/** The name by which the guardian knows that Prometheus is stopped for a moment. */
const PAST = 'recent past';

export interface PastOptions {
  paths: LabPaths;
  stack: Stack;
  experiments: readonly Experiment[];
  steadyState: SteadyState;
  timing: Timing;
  guardian: Guardian;
  signal: AbortSignal;
  say(line: string): void;
  /** What of a hypothesis does not hold, a line each. */
  off(hypothesis: readonly Hypothesis[]): Promise<string[]>;
}

/**
 * Does nothing where no experiment needs a past or the lab has one of its own. To be called right after the run's time scale was loaded
 * and its load began. Where it does not succeed it says so, and the lab is as it was: what needs a past waits for it.
 * @throws the abort reason.
 */
export async function givePast(options: PastOptions): Promise<void> {
  try {
    await continueBackwards(options);
  } catch (error) {
    options.signal.throwIfAborted();
    options.say(
      `this young lab could not be given a past (${describeError(error)}): what needs one waits for it`,
    );
  }
}

async function continueBackwards(options: PastOptions): Promise<void> {
  const { stack, experiments, steadyState, timing, signal, say, guardian } = options;
  const startedAt = performance.now();
  const rules: RulesWithPast = {
    recordings: recordingsOf(readRules().values()),
    alerts: readAlerts().map(({ expr }) => expr),
  };
  const needed = neededPast(experiments, steadyState.hypothesis, rules);
  if (!needed) return;
  const lengthMs = needed.reachMs / timing.speed;
  const began = await headBegan(stack.addresses.prometheus, signal);
  if (Date.now() - began >= lengthMs) return;
  if (stack.traits.prometheusFolder === undefined) {
    const wait = formatDuration(lengthMs - (Date.now() - began));
    say(
      `a young lab, and the folder of Prometheus's data is out of reach in ${stack.traits.mode} mode: what needs a past waits for it, ${wait} at most`,
    );
    return;
  }
  await takeOutFormer(options);
  const series = await measured(needed, rules, startedAt, options);
  // Until it is there, whoever ends this process leaves a Prometheus that is to be started.
  await guardian.entrust(PAST, [{ undo: 'start', part: 'prometheus' }]);
  await install({ from: began - lengthMs - MARGIN_MS, to: began - timing.evaluationMs }, series, options);
  await guardian.entrust(PAST, []);
  say(
    `a young lab: continued its calm traffic ${formatDuration(lengthMs)} backwards, marked by lab_history_phase{synthetic="history"}; \`make history CLEAN=1\` takes it out (${formatDuration(performance.now() - startedAt)})`,
  );
}

/** A past whose lab was cleaned of its samples, or that was cut off half-way. */
async function takeOutFormer({ paths, stack }: PastOptions): Promise<void> {
  const record = await readRecord(recentPastFile(paths));
  if (record) await removeBlocks(await prometheusPart(stack), recentPastFile(paths), record);
}

/** Unix milliseconds of the oldest sample that is not in a block yet. An empty head says that it begins at the end of all time. */
async function headBegan(prometheusUrl: string, signal: AbortSignal): Promise<number> {
  return until(
    'Prometheus to have samples',
    async (attempt) => {
      const [sample] = await query(prometheusUrl, 'min(prometheus_tsdb_head_min_time_seconds)', attempt);
      return sample && sample.value * 1000 < Date.now() ? sample.value * 1000 : undefined;
    },
    { deadlineMs: SAMPLES_DEADLINE_MS, everyMs: 250, signal },
  );
}

/**
 * What each series is under the calm traffic of the last seconds. Waits for it: what is wrong now must not become the past.
 * @param loadedAt when the load had begun, by the monotonic clock.
 */
async function measured(
  { series }: NeededPast,
  { recordings }: RulesWithPast,
  loadedAt: number,
  { stack, signal, steadyState, timing, off }: PastOptions,
): Promise<Sample[]> {
  const thinned = steadyState.past?.thinned;
  const wanted = series.flatMap((name) => (recordings.get(name) ?? []).map((rule) => ({ name, rule })));
  const wholeAt = loadedAt + MEASURED_MS + timing.scrapeMs + timing.evaluationMs;
  const ask = async (attempt: AbortSignal) => {
    if (performance.now() < wholeAt || (await off(steadyState.hypothesis)).length > 0) return undefined;
    const answers = await Promise.all(
      wanted.map(async ({ name, rule }) => {
        const samples = await query(stack.addresses.prometheus, lately(rule, MEASURED_MS), attempt);
        return samples
          .filter(({ value }) => Number.isFinite(value))
          .map(({ labels, value }) => ({
            labels: { ...labels, ...rule.labels, __name__: name },
            value: thinned?.series.includes(name) ? value / thinned.by : value,
          }));
      }),
    );
    // Not before each of them has something to say.
    return answers.every((samples) => samples.length > 0) ? answers.flat() : undefined;
  };
  return until('the traffic to be measured', ask, {
    deadlineMs: MEASURED_DEADLINE_MS,
    everyMs: 250,
    signal,
  });
}

async function install(
  { from, to }: { from: number; to: number },
  series: readonly Sample[],
  { paths, stack, timing, signal }: PastOptions,
): Promise<void> {
  const stagingFolder = join(paths.data, 'recent-past-staging');
  const [first] = series;
  if (!first) throw new CannotRun('the traffic could not be measured: no series to continue');
  await rm(stagingFolder, { recursive: true, force: true });
  try {
    const blocks = await buildBlocksOf(recentPast({ from, to, stepMs: timing.evaluationMs, series }), {
      promtool: await findPromtool(paths),
      folder: stagingFolder,
      signal,
    });
    await installBlocks({
      prometheus: await prometheusPart(stack),
      recordFile: recentPastFile(paths),
      stagingFolder,
      record: { from, to, blocks },
      signal,
      verify: () => served(stack.addresses.prometheus, first, to, signal),
    });
  } finally {
    await rm(stagingFolder, { recursive: true, force: true });
  }
}

/** @throws Error where Prometheus does not answer with what was put in. */
async function served(
  prometheusUrl: string,
  { labels }: Sample,
  to: number,
  signal: AbortSignal,
): Promise<void> {
  const expression = `${labels['__name__']} @ ${to / 1000} and on () lab_history_phase @ ${to / 1000}`;
  await until(
    'Prometheus to serve the past',
    async (attempt) => (await query(prometheusUrl, expression, attempt)).length > 0,
    { deadlineMs: 20_000, everyMs: 100, signal },
  );
}
