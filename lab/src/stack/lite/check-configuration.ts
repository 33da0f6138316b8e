/** Has Prometheus and Alertmanager's own checkers read the configuration before it is used. */

import { join } from 'node:path';
import { CannotRun, describeError } from '../../cli/failure.ts';
import { runCommand } from '../../process/run-command.ts';
import type { FoundTools } from '../../tools/ensure-tools.ts';
import type { Rendered } from './configuration.ts';

/** @throws CannotRun with the checkers' own words. */
export async function checkConfiguration(folders: Rendered, tools: FoundTools): Promise<void> {
  const [, promtool] = tools.prometheus?.executables ?? [];
  const [, amtool] = tools.alertmanager?.executables ?? [];
  const checks = [
    { tool: promtool, args: ['check', 'config', join(folders.prometheus, 'prometheus.yml')] },
    { tool: amtool, args: ['check-config', join(folders.alertmanager, 'alertmanager.yml')] },
  ];
  const results = await Promise.allSettled(
    checks.map(async ({ tool, args }) => {
      if (tool !== undefined) await runCommand(tool, args);
    }),
  );
  const problems = results
    .filter((result) => result.status === 'rejected')
    .map(({ reason }) => describeError(reason));
  if (problems.length > 0)
    throw new CannotRun(['the configuration was refused; nothing was changed', ...problems].join('\n'));
}
