/** `lab status`: every part, and what is firing. Exit 0: all ready, 1: some are not, 2: the lab is not up. */
import { existsSync } from 'node:fs';
import type { Command } from '../cli/command.ts';
import { CannotRun, describeError, PromiseBroken } from '../cli/failure.ts';
import { formatDuration, formatMebibytes, paint, table } from '../cli/output.ts';
import { firingAlerts } from '../readiness/prometheus-client.ts';
import { loadSettings } from '../settings/settings.ts';
import { openRunningStack } from '../stack/open-stack.ts';
import type { PartReport, Stack } from '../stack/stack.ts';

const HEADER = ['part', 'state', 'for', 'restarts', 'memory', 'address'];

export const status: Command = {
  name: 'status',
  summary: 'every part: state, since when, restarts, memory, address; firing alerts',
  options: { json: { kind: 'flag', summary: 'as JSON' } },
  async run({ paths, output, environment, options, signal }) {
    if (!existsSync(paths.environmentFile)) throw new CannotRun('the lab is not up: run `make up` first');
    const stack = await openRunningStack(paths, await loadSettings(paths, environment));
    const parts = await stack.status();
    if (options['json']) {
      output.result(JSON.stringify({ mode: stack.traits.mode, parts }, null, 2));
    } else {
      const total = parts.reduce((sum, { memoryBytes }) => sum + (memoryBytes ?? 0), 0);
      for (const line of table([HEADER.map((word) => paint('bold', word)), ...parts.map(row)]))
        output.result(line);
      output.result('');
      output.result(
        `${stack.traits.mode} mode, ${formatMebibytes(total)} of memory in all (shared pages counted once)`,
      );
      for (const { name, detail } of parts) if (detail !== undefined) output.result(`${name}: ${detail}`);
      for (const line of await alertLines(stack, signal)) output.result(line);
    }
    const unready = parts.filter(({ state }) => state !== 'ready').map(({ name }) => name);
    if (unready.length > 0)
      throw new PromiseBroken(`not ready: ${unready.join(', ')}; \`make up\` completes the lab`);
  },
};

function row({ name, state, since, restarts, memoryBytes, url }: PartReport): string[] {
  const colour = state === 'ready' ? 'green' : state === 'back-off' || state === 'failed' ? 'red' : 'yellow';
  const age = since === undefined ? '' : formatDuration(Date.now() - Date.parse(since));
  return [name, paint(colour, state), age, String(restarts), formatMebibytes(memoryBytes), url ?? ''];
}

async function alertLines(stack: Stack, signal: AbortSignal): Promise<string[]> {
  try {
    const alerts = await firingAlerts(stack.addresses.alertmanager, signal);
    if (alerts.length === 0) return ['no alert is firing'];
    return alerts.map(
      ({ name, labels, summary, startsAt, suppressed }) =>
        `firing${suppressed ? ' (silenced or inhibited)' : ''}: ${name} [${labels['severity'] ?? '?'}] for ${formatDuration(Date.now() - Date.parse(startsAt))}: ${summary}`,
    );
  } catch (error) {
    return [`what is firing is not known: ${describeError(error)}`];
  }
}
