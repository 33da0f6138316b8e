/** The running lab's Prometheus as a past is put into it: its data folder, its start and stop, and the tool that makes blocks. */
import { CannotRun } from '../cli/failure.ts';
import type { LabPaths } from '../settings/paths.ts';
import type { Stack } from '../stack/stack.ts';
import { findAll } from '../tools/ensure-tools.ts';
import { until } from '../wait.ts';
import type { Promtool } from './build-blocks.ts';
import type { PrometheusPart } from './install.ts';

const READY_DEADLINE_MS = 60_000;

/** @throws CannotRun where its data is out of reach or it is not serving: blocks must not be moved under a part in an unknown state. */
export async function prometheusPart(stack: Stack): Promise<PrometheusPart> {
  const { prometheusFolder: dataFolder, mode } = stack.traits;
  if (dataFolder === undefined)
    throw new CannotRun(
      `history is written into the folder of Prometheus's data, which is out of reach in ${mode} mode`,
    );
  const stateOf = async () =>
    (await stack.status({ memory: false })).find(({ name }) => name === 'prometheus')?.state;
  const state = await stateOf();
  if (state !== 'ready')
    throw new CannotRun(`Prometheus is not ready (${state ?? 'absent'}): \`make up\` completes the lab`);
  return {
    dataFolder,
    stop: () => stack.act('prometheus', 'stop'),
    async start() {
      await stack.act('prometheus', 'start');
      // Not ended by Ctrl-C: Prometheus runs again before this command returns.
      await until('Prometheus to be ready', async () => (await stateOf()) === 'ready', {
        deadlineMs: READY_DEADLINE_MS,
      });
    },
  };
}

export async function findPromtool({ tools }: LabPaths): Promise<Promtool> {
  const { prometheus } = (await findAll({ toolsFolder: tools })).found;
  const command = prometheus?.executables[1];
  if (command === undefined) throw new CannotRun('promtool is missing: `make tools` fetches it');
  return { command, cwd: prometheus?.root };
}
