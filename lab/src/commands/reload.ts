/** `lab reload`: edited rules, targets, routing and templates into the running lab, checked first. */
import type { Command } from '../cli/command.ts';
import { takeLock } from '../cli/command-lock.ts';
import { loadSettings } from '../settings/settings.ts';
import { ensureSlackFiles } from '../settings/slack-webhooks.ts';
import { openRunningStack } from '../stack/open-stack.ts';

export const reload: Command = {
  name: 'reload',
  summary: 'check edited rules and configuration and load them into the running lab',
  async run({ paths, output, environment }) {
    await using _lock = await takeLock(paths.run, 'reload');
    const settings = await loadSettings(paths, environment);
    const stack = await openRunningStack(paths, settings);
    await ensureSlackFiles(paths.secrets, settings);
    await stack.loadConfiguration();
    output.result(
      'Prometheus and Alertmanager have read the configuration; dashboards are read at every view',
    );
  },
};
