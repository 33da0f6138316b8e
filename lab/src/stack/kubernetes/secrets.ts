/** The Secrets of the lab, from `.env` and the files of Slack's addresses: over a pipe, never on a command line or in a file. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type SecretObject, type SlackFile, secretsOf } from '@lab/kubernetes';
import type { LabPaths } from '../../settings/paths.ts';
import type { Settings } from '../../settings/settings.ts';
import { ensureSlackFilesForContainers } from '../../settings/slack-webhooks.ts';

/** Returns the Secret objects, values included: for a pipe only. */
export async function secretObjects(paths: LabPaths, settings: Settings): Promise<SecretObject[]> {
  await ensureSlackFilesForContainers(paths.secrets, settings);
  const address = (name: SlackFile) => readFile(join(paths.secrets, 'alertmanager', name), 'utf8');
  return secretsOf(settings.secrets, {
    'slack-alerts-url': await address('slack-alerts-url'),
    'slack-critical-alerts-url': await address('slack-critical-alerts-url'),
  });
}
