/** `lab history`: 30 days of invented, marked past in the running lab's Prometheus, and its removal. */
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { readObjectives } from '@lab/prometheus';
import type { Command, CommandContext } from '../cli/command.ts';
import { takeLock } from '../cli/command-lock.ts';
import { CannotRun, describeError } from '../cli/failure.ts';
import { formatDuration } from '../cli/output.ts';
import { buildBlocks } from '../history/build-blocks.ts';
import { installBlocks, type PrometheusPart, removeBlocks } from '../history/install.ts';
import { historyFile, readRecord, recentPastFile } from '../history/record.ts';
import { findPromtool, prometheusPart } from '../history/running-prometheus.ts';
import { DAY, HOUR, MINUTE, SHORTEST_DAYS, type Timeline, timelineUntil } from '../history/timeline.ts';
import { query } from '../readiness/prometheus-client.ts';
import { loadSettings } from '../settings/settings.ts';
import { openRunningStack } from '../stack/open-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { until } from '../wait.ts';

/**
 * Between the past's end and the lab's first sample. Longer than any window over raw series (10 min) plus the five minutes for
 * which a last sample counts as current, and than the shortest burn-rate windows: what fires now is never the past's doing.
 */
const GAP = HOUR;
/** Of the 31 days that Prometheus keeps, less a margin for what it writes meanwhile. */
const KEPT_DAYS = 31 - 0.1;
const DAYS = 30;

export const history: Command = {
  name: 'history',
  summary: '30 days of marked, invented past for budgets, burn rates and trends',
  options: { clean: { kind: 'flag', summary: 'take it out again' } },
  async run(context) {
    const { paths, output, environment, options } = context;
    if (!existsSync(paths.environmentFile)) throw new CannotRun('the lab is not up: run `make up` first');
    await using _lock = await takeLock(paths.run, 'history');
    const stack = await openRunningStack(paths, await loadSettings(paths, environment));
    const recordFile = historyFile(paths);
    const record = await readRecord(recordFile);
    const prometheus = await prometheusPart(stack);
    if (options['clean']) {
      const recent = await readRecord(recentPastFile(paths));
      if (!record && !recent) return output.result('there is no history to take out');
      const counts = [
        record ? await removeBlocks(prometheus, recordFile, record) : 0,
        recent ? await removeBlocks(prometheus, recentPastFile(paths), recent) : 0,
      ];
      const blocks = counts.reduce((sum, count) => sum + count);
      return output.result(`the history is out again (${blocks} blocks); what the lab measured stays`);
    }
    if (record?.state === 'complete')
      return output.result(
        `there is a history already, ${describe(record)}; \`make history CLEAN=1\` takes it out`,
      );
    if (record) {
      output.progress('an earlier run was cut off: taking out what it left');
      await removeBlocks(prometheus, recordFile, record);
    }
    await write(context, stack, prometheus, recordFile);
  },
};

async function write(
  { paths, output, signal }: CommandContext,
  stack: Stack,
  prometheus: PrometheusPart,
  recordFile: string,
): Promise<void> {
  const began = performance.now();
  const promtool = await findPromtool(paths);
  const timeline = pastBefore(await firstSample(stack.addresses.prometheus, signal), Date.now());
  output.progress(`making a past that ends before the lab’s own first sample: ${describe(timeline)}`);
  // On the file system of Prometheus's data, so that moving a block is one step.
  const stagingFolder = join(paths.data, 'history-staging');
  await rm(stagingFolder, { recursive: true, force: true });
  try {
    const blocks = await buildBlocks({
      promtool,
      timeline,
      objectives: readObjectives(),
      folder: stagingFolder,
      signal,
    });
    output.progress('stopping Prometheus for a moment to hand them over');
    const { from, to } = timeline;
    await installBlocks({
      prometheus,
      recordFile,
      stagingFolder,
      record: { from, to, blocks },
      signal,
      verify: () => served(stack.addresses.prometheus, timeline),
    });
  } catch (error) {
    if (signal.aborted)
      throw new CannotRun('interrupted: the history is not written, Prometheus is as it was');
    throw new CannotRun(`the history could not be written: ${describeError(error)}`, { cause: error });
  } finally {
    await rm(stagingFolder, { recursive: true, force: true });
  }
  output.progress(`done in ${formatDuration(performance.now() - began)}`);
  output.result(`history ${describe(timeline)}, marked synthetic="history"`);
  output.result(`incident ${describe(timeline.incident)}; slow leak ${describe(timeline.leak)}`);
  output.result('the slow burn-rate alerts now have a past to judge by; `make history CLEAN=1` takes it out');
}

/** @throws CannotRun where the lab's own past leaves too little of the retention. */
function pastBefore(firstSampleAt: number, now: number): Timeline {
  const end = Math.min(firstSampleAt, now) - GAP;
  const days = Math.min(DAYS, Math.floor((end - (now - KEPT_DAYS * DAY)) / HOUR) / 24);
  if (days < SHORTEST_DAYS)
    throw new CannotRun(
      `the lab has ${Math.floor((now - end) / DAY)} days of its own past, and Prometheus keeps 31: no room for ${SHORTEST_DAYS} days before it`,
    );
  return timelineUntil(end, days);
}

/** Unix milliseconds of the oldest sample that Prometheus holds; now, where it holds none. */
async function firstSample(prometheusUrl: string, signal: AbortSignal): Promise<number> {
  const response = await fetch(`${prometheusUrl}/metrics`, {
    signal: AbortSignal.any([signal, AbortSignal.timeout(10_000)]),
  });
  const seconds = Number(
    /^prometheus_tsdb_lowest_timestamp_seconds (\S+)$/m.exec(await response.text())?.[1],
  );
  if (!Number.isFinite(seconds))
    throw new Error(`${prometheusUrl}/metrics does not say how far back it reaches`);
  return Math.min(seconds * 1000, Date.now());
}

/** @throws Error where Prometheus does not answer with what both ends of the past hold. */
async function served(prometheusUrl: string, { from, to }: Timeline): Promise<void> {
  for (const time of [from + 10 * MINUTE, to]) {
    const at = `@ ${time / 1000}`;
    await until(
      `Prometheus to serve the history at ${new Date(time).toISOString()}`,
      async (signal) =>
        (
          await query(
            prometheusUrl,
            `count({synthetic="history"} ${at}) and count(slo:requests:rate1m ${at})`,
            signal,
          )
        ).length > 0,
      { deadlineMs: 20_000 },
    );
  }
}

function describe({ from, to }: { from: number; to: number }): string {
  const minute = (time: number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
  return `${minute(from)} to ${minute(to)} UTC`;
}
