/** The Secrets of the lab, from `.env` and the files of Slack's addresses: over a pipe, never on a command line or in a file. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { secretsOf } from '@lab/kubernetes';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import { ensureSlackFilesForContainers, SLACK_FILES } from '../../settings/slack-webhooks.ts';

/** Returns the Secret objects, values included: for a pipe only. */
export async function secretObjects(paths: LabPaths, settings: Settings): Promise<unknown[]> {
  await ensureSlackFilesForContainers(paths.secrets, settings);
  const slack = await Promise.all(
    Object.keys(SLACK_FILES).map(
      async (name) => [name, await readFile(join(paths.secrets, 'alertmanager', name), 'utf8')] as const,
    ),
  );
  return secretsOf({ environment: settings.secrets, slack: Object.fromEntries(slack) });
}
