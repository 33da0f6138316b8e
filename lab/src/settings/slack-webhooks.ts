/** One webhook file per Slack channel; until a person puts a real address in, each leads to the console's inbox. */
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makePrivateFolder } from './private-folder.ts';
import type { Settings } from './settings.ts';

/** File in .lab/secrets → channel. Alertmanager's configuration names the files. */
export const SLACK_FILES = {
  'slack-alerts-url': 'alerts',
  'slack-critical-alerts-url': 'critical-alerts',
} as const;

/** What an earlier start, of either mode and with any port, may have written. */
const OWN_INBOX = /^http:\/\/(127\.0\.0\.1|console):\d+\/hooks\/slack\//;

/** Writes the files that are missing or lead to an inbox of ours; a real address is kept. */
export async function ensureSlackFiles(
  secretsFolder: string,
  { ports }: Settings,
  consoleUrl = `http://127.0.0.1:${ports.CONSOLE_PORT}`,
): Promise<void> {
  await makePrivateFolder(secretsFolder);
  for (const [name, channel] of Object.entries(SLACK_FILES)) {
    const file = join(secretsFolder, name);
    const present = await readFile(file, 'utf8').catch(() => '');
    if (present.trim() !== '' && !OWN_INBOX.test(present)) continue;
    await writeFile(file, `${consoleUrl}/hooks/slack/${channel}`, { mode: 0o600 });
  }
}

/**
 * The same addresses as Alertmanager's container reads them, in the folder that compose.yaml mounts. The console has another name
 * in there, and the container's user another number: the files are readable, in a folder that nobody else can reach.
 */
export async function ensureSlackFilesForContainers(
  secretsFolder: string,
  settings: Settings,
): Promise<void> {
  await ensureSlackFiles(secretsFolder, settings);
  await chmod(secretsFolder, 0o700);
  const folder = join(secretsFolder, 'alertmanager');
  await mkdir(folder, { recursive: true });
  await chmod(folder, 0o755);
  for (const [name, channel] of Object.entries(SLACK_FILES)) {
    const address = (await readFile(join(secretsFolder, name), 'utf8')).trim();
    const file = join(folder, name);
    await writeFile(file, OWN_INBOX.test(address) ? `http://console:8000/hooks/slack/${channel}` : address);
    await chmod(file, 0o644);
  }
}
