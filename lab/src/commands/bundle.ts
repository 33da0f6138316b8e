/** `lab bundle`: what somebody who helps needs to see, in one archive without secrets. */
import { readFile } from 'node:fs/promises';
import { arch, cpus, platform, release, totalmem } from 'node:os';
import { join } from 'node:path';
import { writeBundle } from '../bundle/write-bundle.ts';
import type { Command } from '../cli/command.ts';
import { takeLock } from '../cli/command-lock.ts';
import { describeError } from '../cli/failure.ts';
import { findings } from '../doctor/checks.ts';
import { runCommand } from '../process/run-command.ts';
import { ensureEnvironmentFile, readEnvironmentFile } from '../settings/environment-file.ts';
import { loadSettings } from '../settings/settings.ts';
import { SLACK_FILES } from '../settings/slack-webhooks.ts';
import { openStackInUse } from '../stack/open-stack.ts';
import { isUp } from '../stack/stack.ts';
import { findAll } from '../tools/ensure-tools.ts';

export const bundle: Command = {
  name: 'bundle',
  summary: 'one archive to send with a bug report: versions, status, logs, configuration, no secrets',
  async run({ paths, output, environment }) {
    await using _lock = await takeLock(paths.run, 'bundle');
    await ensureEnvironmentFile(paths.environmentFile);
    const settings = await loadSettings(paths, environment);
    const stack = await openStackInUse(paths, settings);
    const up = await isUp(stack);
    const file = await readEnvironmentFile(paths.environmentFile);
    const secrets = { ...settings.secrets, ...(await slackAddresses(paths.secrets)) };
    const changed = Object.keys(file).filter((name) => !(name in settings.secrets));
    const texts = {
      'versions.json': json({
        commit: await gitCommit(paths.root),
        node: process.version,
        system: `${platform()} ${release()} ${arch()}`,
        processors: cpus().length,
        memoryBytes: totalmem(),
        tools: (await findAll({ toolsFolder: paths.tools })).found,
      }),
      'settings.json': json({ mode: stack.traits.mode, ports: settings.ports, variablesSetInEnv: changed }),
      'status.json': json(up ? await stack.status() : 'the lab is not up'),
      'doctor.json': json(await findings(paths, settings, up)),
      ...(up ? await stack.evidence?.() : {}),
    };
    const name = `bundle-${new Date().toISOString().slice(0, 19).replaceAll(':', '-')}`;
    const archive = await writeBundle({ paths, name, secrets, texts });
    output.result(archive);
    output.progress('every secret of .env and of .lab/secrets was looked for in it, and not found');
  },
};

/** A real webhook is a secret; the console's own inbox is not, and would only make the logs unreadable. */
async function slackAddresses(folder: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const name of Object.keys(SLACK_FILES)) {
    const address = (await readFile(join(folder, name), 'utf8').catch(() => '')).trim();
    if (address !== '' && !address.startsWith('http://127.0.0.1:')) found[name] = address;
  }
  return found;
}

async function gitCommit(root: string): Promise<string> {
  return runCommand('git', ['describe', '--always', '--dirty'], { cwd: root }).then(
    ({ stdout }) => stdout,
    (error: unknown) => `not known: ${describeError(error).split('\n')[0]}`,
  );
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
