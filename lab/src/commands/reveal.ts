/** `lab reveal`: says what a game day was, shows what would have led there, undoes it. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describeAction } from '../chaos/experiment/actions.ts';
import { readExperiments } from '../chaos/experiment/catalogue.ts';
import { inMode } from '../chaos/experiment/schema.ts';
import { evidenceTrail } from '../chaos/gameday/evidence.ts';
import { forget, type GamedayOrder, readOrder, readOutcome } from '../chaos/gameday/files.ts';
import { heal } from '../chaos/guardian/heal.ts';
import { type ChaosState, readState } from '../chaos/guardian/state.ts';
import type { Command, CommandContext } from '../cli/command.ts';
import { CannotRun } from '../cli/failure.ts';
import { formatDuration } from '../cli/output.ts';
import { isRunning } from '../process/process-table.ts';
import { loadSettings, type Settings } from '../settings/settings.ts';
import { openStackInUse } from '../stack/open-stack.ts';
import { isUp } from '../stack/stack.ts';
import { until } from '../wait.ts';

const UNDONE_DEADLINE_MS = 180_000;

export const reveal: Command = {
  name: 'reveal',
  summary: 'say what the game day was, show the evidence, undo it',
  async run(context) {
    const { paths, output, environment } = context;
    if (!existsSync(paths.environmentFile)) throw new CannotRun('the lab is not up: run `make up` first');
    const order = await readOrder(paths.run);
    if (!order) throw new CannotRun('there is no game day: `make gameday` begins one');
    const settings = await loadSettings(paths, environment);
    const state = await readState(paths.run);
    const going = state?.kind === 'gameday' ? state : undefined;
    await tell(context, order, settings, going);
    if (going) await undo(context, going, settings);
    else output.result('it had ended by itself: the lab is as it was');
    const outcome = await readOutcome(paths.run);
    if (outcome?.report) output.result(`report: ${outcome.report}`);
    await forget(paths.run);
  },
};

async function tell(
  { paths, output }: CommandContext,
  order: GamedayOrder,
  settings: Settings,
  going: ChaosState | undefined,
): Promise<void> {
  const { experiments } = readExperiments(join(paths.root, 'loadtests', 'chaos'));
  const found = experiments.find(({ name }) => name === order.experiment);
  if (!found)
    throw new CannotRun(`the game day's experiment ${order.experiment} is not in loadtests/chaos any more`);
  const stack = await openStackInUse(paths, settings);
  const experiment = inMode(found, stack.traits.mode);
  output.result(`it was ${experiment.name}: ${experiment.title}`);
  output.result(experiment.story);
  output.result(`done: ${experiment.method.map(describeAction).join('; ')}`);
  if (!(await isUp(stack)))
    return output.result('the lab was stopped meanwhile: there is no evidence any more');
  const outcome = await readOutcome(paths.run);
  const startedAt =
    going?.experiments.find(({ name }) => name === order.experiment)?.startedAt ?? outcome?.startedAt;
  if (startedAt === null || startedAt === undefined) return;
  const from = Date.parse(startedAt);
  const now = going ? Date.now() : Date.parse(outcome?.endedAt ?? startedAt);
  output.result(`since ${startedAt.slice(11, 19)} UTC, ${formatDuration(now - from)}`);
  output.result('');
  output.result('what led there:');
  for (const line of await evidenceTrail({ root: paths.root, stack, experiment, from, now }))
    output.result(line);
  output.result('');
}

async function undo(
  { paths, output, signal }: CommandContext,
  state: ChaosState,
  settings: Settings,
): Promise<void> {
  if (!isRunning(state.owner)) {
    output.progress('the director is gone: undoing its work');
    await heal(state, { paths, settings, say: output.progress });
    return;
  }
  output.progress('undoing it');
  process.kill(state.owner.pid, 'SIGUSR2');
  await until('the game day to be undone', async () => !isRunning(state.owner), {
    deadlineMs: UNDONE_DEADLINE_MS,
    everyMs: 200,
    signal,
  });
  const outcome = await readOutcome(paths.run);
  output.result(
    outcome?.problem
      ? `undone, with trouble: ${outcome.problem}`
      : 'it is undone, and the lab is steady again',
  );
}
