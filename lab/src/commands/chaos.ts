/** `lab chaos`: breaks the running lab on purpose, and proves that its alerts fire, arrive and resolve as promised. */
import { join } from 'node:path';
import { conduct } from '../chaos/conduct.ts';
import { readExperiments } from '../chaos/experiment/catalogue.ts';
import { chooseExperiments, speedOf } from '../chaos/experiment/choose.ts';
import type { Experiment } from '../chaos/experiment/schema.ts';
import { healLeftovers } from '../chaos/guardian/heal.ts';
import { proofTable } from '../chaos/report/proof-table.ts';
import { summarise, verdictLines } from '../chaos/report/summary.ts';
import { writeReports } from '../chaos/report/write-reports.ts';
import type { Command } from '../cli/command.ts';
import { takeLock } from '../cli/command-lock.ts';
import { CannotRun, PromiseBroken } from '../cli/failure.ts';
import { formatDuration } from '../cli/output.ts';
import { standingProgress } from '../cli/standing-line.ts';
import { keepRecordings } from '../recordings/keep-recordings.ts';
import { loadSettings } from '../settings/settings.ts';
import { openRunningStack } from '../stack/open-stack.ts';

export const chaos: Command = {
  name: 'chaos',
  summary: 'run experiments against the running lab and prove that its alerts keep their promises',
  options: {
    suite: { kind: 'value', summary: 'core (default) or all' },
    experiment: { kind: 'value', summary: 'one by its name, or several separated by commas' },
    speed: { kind: 'value', summary: 'time scale of the rules: 10 by default, 1 as written' },
    list: { kind: 'flag', summary: 'only name the experiments there are' },
    patience: { kind: 'value', summary: 'for slow machines: every limit times this (1 by default)' },
  },
  async run({ paths, output, environment, options, signal }) {
    const { experiments: all, steadyState } = readExperiments(join(paths.root, 'loadtests', 'chaos'));
    if (options['list'] === true) {
      const listed = chooseExperiments(all, { suite: options['suite'] ?? 'all' });
      for (const line of listOf(listed)) output.result(line);
      return;
    }
    const speed = speedOf(options['speed']);
    const patience = patienceOf(options['patience']);
    // Before the lab is looked at: a wrong name is wrong whatever runs.
    chooseExperiments(all, { suite: options['suite'], names: options['experiment'] });
    await using _lock = await takeLock(paths.run, 'chaos');
    const settings = await loadSettings(paths, environment);
    const stack = await openRunningStack(paths, settings);
    await healLeftovers({ paths, settings, say: output.progress });
    const experiments = chooseExperiments(all, {
      suite: options['suite'],
      names: options['experiment'],
      mode: stack.traits.mode,
      parts: stack.parts,
    });
    const progress = standingProgress(output.progress);
    output.progress(`${experiments.length} experiments: ${experiments.map(({ name }) => name).join(', ')}`);
    const run = await conduct({
      paths,
      settings,
      stack,
      kind: 'chaos',
      experiments,
      steadyState,
      speed,
      patience,
      signal,
      say: progress.say,
      stands: progress.stands,
    }).finally(progress.end);
    const summary = summarise(run);
    const reports = await writeReports(run, summary, { paths, prometheusUrl: stack.addresses.prometheus });
    await keepRecordings(run, {
      paths,
      prometheusUrl: stack.addresses.prometheus,
      reports,
      signal,
      say: output.progress,
    });
    for (const line of proofTable(run)) output.result(line);
    for (const line of verdictLines(summary)) output.result(line);
    for (const { experiment, by, broken } of run.suite.disturbances)
      output.result(
        `${experiment} was disturbed beside ${by.join(' and ')} (${broken.join('; ')}): judged by its second run, by itself`,
      );
    output.result(`took ${formatDuration(run.endedAt - run.startedAt)}; report: ${reports}`);
    signal.throwIfAborted();
    if (summary.inconclusive.length > 0 && summary.inconclusive.length === summary.experiments)
      throw new CannotRun(`no steady state to begin from: ${summary.inconclusive[0]?.why}`);
    if (summary.broken.length > 0 || summary.inconclusive.length > 0)
      throw new PromiseBroken(
        [
          ...summary.broken,
          ...summary.inconclusive.map(({ name, why }) => `${name} could not be run: ${why}`),
        ].join('\n'),
      );
  },
};

/** Name, suite and title, in columns. */
export function listOf(
  experiments: readonly Pick<Experiment, 'name' | 'suite' | 'title' | 'mode'>[],
): string[] {
  const width = Math.max(...experiments.map(({ name }) => name.length));
  return experiments.map(({ name, suite, title, mode }) => {
    const only = mode === undefined ? '' : ` (${mode} mode only)`;
    return `${name.padEnd(width)}  ${suite === 'core' ? 'core' : '    '}  ${title}${only}`;
  });
}

function patienceOf(text: string | true | undefined): number {
  if (text === undefined) return 1;
  const patience = Number(text);
  if (patience >= 1 && patience <= 10) return patience;
  throw new CannotRun(`--patience: expected a number from 1 to 10, got ${JSON.stringify(text)}`);
}
