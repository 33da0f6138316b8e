/** `lab gameday`: something is broken, and nobody says what. It stays until `lab reveal`, or for half an hour. */
import { randomInt } from 'node:crypto';
import { join } from 'node:path';
import { readExperiments } from '../chaos/experiment/catalogue.ts';
import { chooseExperiments, speedOf } from '../chaos/experiment/choose.ts';
import type { Experiment } from '../chaos/experiment/schema.ts';
import { forget, readOutcome, writeOrder } from '../chaos/gameday/files.ts';
import { healLeftovers } from '../chaos/guardian/heal.ts';
import { readState } from '../chaos/guardian/state.ts';
import type { Command } from '../cli/command.ts';
import { takeLock } from '../cli/command-lock.ts';
import { CannotRun } from '../cli/failure.ts';
import type { LabPaths } from '../settings/paths.ts';
import { loadSettings } from '../settings/settings.ts';
import { openRunningStack } from '../stack/open-stack.ts';
import type { Stack } from '../stack/stack.ts';
import { outputFile } from '../supervisor/output-file.ts';
import { startDetached } from '../supervisor/start-detached.ts';
import { until } from '../wait.ts';

const MINUTES = 30;
/** A steady state may take a while where load ran a moment ago. */
const BEGIN_DEADLINE_MS = 10 * 60_000;

export const gameday: Command = {
  name: 'gameday',
  summary: 'break something at random and do not say what; `lab reveal` ends it',
  options: {
    experiment: { kind: 'value', summary: 'for whoever prepares it for others: this one' },
    speed: { kind: 'value', summary: 'time scale of the rules: 10 by default, 1 as written' },
  },
  async run({ paths, output, environment, options, signal }) {
    const { experiments } = readExperiments(join(paths.root, 'loadtests', 'chaos'));
    const speed = speedOf(options['speed']);
    chooseExperiments(experiments, { names: options['experiment'] });
    await using _lock = await takeLock(paths.run, 'gameday');
    const settings = await loadSettings(paths, environment);
    const stack = await openRunningStack(paths, settings);
    await healLeftovers({ paths, settings, say: output.progress });
    const chosen = choose(experiments, options['experiment'], stack);
    await forget(paths.run);
    await writeOrder(paths.run, { experiment: chosen.name, speed, minutes: MINUTES });
    output.progress('starting the background load and waiting for a steady state');
    await startDirector(paths, chosen.name, signal);
    const { console: front, web } = stack.addresses;
    for (const line of [
      'something is wrong with the task manager, or with what watches it. Find out what.',
      `alerts and inbox: ${front}/alerts and ${front}/inbox; dashboards, logs and traces from ${front}; the application: ${web}`,
      `rules run ${speed} times as fast as written. \`make reveal\` says what it was and undoes it; so do ${MINUTES} minutes.`,
    ])
      output.result(line);
  },
};

/** Not the control, and nothing that takes away what an investigator looks with. */
function choose(
  experiments: readonly Experiment[],
  name: string | true | undefined,
  { traits, parts }: Pick<Stack, 'traits' | 'parts'>,
): Experiment {
  const wanted = name === undefined ? { suite: 'all' } : { names: name };
  const candidates = chooseExperiments(experiments, { ...wanted, mode: traits.mode, parts }).filter(
    ({ method, alone }) => name !== undefined || (method.length > 0 && !alone),
  );
  const chosen = candidates[randomInt(candidates.length)];
  if (!chosen) throw new CannotRun('there is no experiment to choose from');
  return chosen;
}

/** Returns when the trouble is there. */
async function startDirector(paths: LabPaths, experiment: string, signal: AbortSignal): Promise<void> {
  const program = join(import.meta.dirname, '../chaos/gameday/director-main.ts');
  const output = outputFile(paths.logs, 'gameday');
  const director = await startDetached(paths, { program, output });
  const begun = async () => {
    if (director.gone) return 'gone';
    const state = await readState(paths.run);
    const known = state?.kind === 'gameday' && state.experiments.find(({ name }) => name === experiment);
    return known && known.rollbacks.length > 0;
  };
  try {
    const seen = await until('the trouble to begin', begun, {
      deadlineMs: BEGIN_DEADLINE_MS,
      everyMs: 200,
      signal,
    });
    if (seen !== 'gone') return;
  } catch (error) {
    if (director.pid !== undefined) process.kill(director.pid, 'SIGTERM');
    throw error;
  }
  const outcome = await readOutcome(paths.run);
  throw new CannotRun(`the game day could not begin: ${outcome?.problem ?? `see ${output}`}`);
}
