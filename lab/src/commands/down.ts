/** `lab down` and `lab clean`: stop everything; `clean` also deletes data and what was generated. */
import { clusterKubeconfig } from '@lab/cluster';
import type { Command, CommandContext } from '../cli/command.ts';
import { takeLock } from '../cli/command-lock.ts';
import { ensureEnvironmentFile } from '../settings/environment-file.ts';
import { loadSettings } from '../settings/settings.ts';
import { openStackInUse } from '../stack/open-stack.ts';

export const down: Command = {
  name: 'down',
  summary: 'stop everything and keep the data',
  async run(context) {
    await stop(context, 'down', false);
    context.output.result('the lab is down; its data is kept');
  },
};

export const clean: Command = {
  name: 'clean',
  summary: 'stop everything and delete data and generated files (.env, tools and Slack addresses stay)',
  async run(context) {
    await stop(context, 'clean', true);
    context.output.result('the lab is down and its data is gone');
    if (clusterKubeconfig(context.paths) !== undefined)
      context.output.result('the cluster of this lab is still there: `make cluster-down` takes it away');
  },
};

async function stop({ paths, output, environment }: CommandContext, command: string, remove: boolean) {
  await using _lock = await takeLock(paths.run, command);
  await ensureEnvironmentFile(paths.environmentFile);
  const stack = await openStackInUse(paths, await loadSettings(paths, environment));
  await stack.stop(output.progress, { remove });
}
