/** `lab up`: start, wait until every signal can be queried, print where everything is. */
import { type Manifest, readManifest } from '@lab/manifest';
import { healLeftovers } from '../chaos/guardian/heal.ts';
import type { Command, CommandContext } from '../cli/command.ts';
import { takeLock } from '../cli/command-lock.ts';
import { formatDuration, paint, table } from '../cli/output.ts';
import { readBack } from '../readiness/read-back.ts';
import { ensureEnvironmentFile } from '../settings/environment-file.ts';
import { loadSettings } from '../settings/settings.ts';
import { entrances } from '../stack/addresses.ts';
import { openStackToStart, rememberMode } from '../stack/open-stack.ts';
import { isUp, type Stack } from '../stack/stack.ts';

export const up: Command = {
  name: 'up',
  summary: 'start the lab and wait until every signal can be queried',
  options: {
    mode: {
      kind: 'value',
      summary: 'lite, full or kubernetes; without it lite or full, as this machine can',
    },
    context: {
      kind: 'value',
      summary: 'kubernetes mode: the context of kubectl, also where it is no local one',
    },
  },
  async run(context) {
    const { paths, output, signal, environment, options } = context;
    const began = performance.now();
    await using _lock = await takeLock(paths.run, 'up');
    const added = await ensureEnvironmentFile(paths.environmentFile);
    if (added.length > 0) output.progress(`wrote ${added.length} fresh secrets to ${paths.environmentFile}`);
    const settings = await loadSettings(paths, {
      ...environment,
      ...('mode' in options ? { MODE: String(options['mode']) } : {}),
      ...('context' in options ? { CONTEXT: String(options['context']) } : {}),
    });
    await healLeftovers({ paths, settings, say: output.progress });
    const stack = await openStackToStart(paths, settings, output.progress);
    const wasUp = await isUp(stack);
    const wasReady = wasUp && (await stack.status({ memory: false })).every(({ state }) => state === 'ready');
    let done = false;
    try {
      await rememberMode(paths, stack.traits.mode);
      const progress = (line: string) => output.progress(`  ${line}`);
      const { changed } = await stack.start({ progress, signal });
      done = changed || !wasReady;
      if (done) {
        output.progress('every part is ready; reading one request back from every signal');
        await readBack(stack, { sessionSecret: settings.secrets.SESSION_SECRET, progress, signal });
      }
    } catch (error) {
      if (!wasUp) await tidyUp(stack, context);
      throw error;
    }
    if (!done) output.progress('the lab was up already');
    else output.progress(`up in ${formatDuration(performance.now() - began)}, ${stack.traits.mode} mode`);
    for (const line of entranceTable(stack, readManifest(paths.root))) output.result(line);
  },
};

/** Nothing half-started is left behind; what was up before this command stays. */
async function tidyUp(stack: Stack, { output }: CommandContext): Promise<void> {
  if (await isUp(stack)) output.progress('stopping what was started');
  await stack.stop(output.progress);
}

function entranceTable(stack: Stack, manifest: Manifest): string[] {
  const rows = entrances(stack, manifest).map(({ name, url, login }) => [name, url, login]);
  return table([['what', 'where', 'login'].map((word) => paint('bold', word)), ...rows]);
}
