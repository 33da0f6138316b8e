/** `lab env`: `.env` with fresh secrets, what stands in it kept; and the files that lead Slack messages to the inbox. */
import type { Command } from '../cli/command.ts';
import { ensureEnvironmentFile } from '../settings/environment-file.ts';
import { loadSettings } from '../settings/settings.ts';
import { ensureSlackFilesForContainers } from '../settings/slack-webhooks.ts';

export const env: Command = {
  name: 'env',
  summary: 'write .env with fresh secrets; what stands in it is kept',
  async run({ paths, output, environment }) {
    const added = await ensureEnvironmentFile(paths.environmentFile);
    await ensureSlackFilesForContainers(paths.secrets, await loadSettings(paths, environment));
    output.result(
      added.length === 0
        ? `${paths.environmentFile} is complete`
        : `wrote ${added.join(', ')} to ${paths.environmentFile}`,
    );
  },
};
