/** Starts the detached supervisor and returns once it answers. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { CannotRun } from '../cli/failure.ts';
import type { LabPaths } from '../settings/paths.ts';
import { makePrivateFolder } from '../settings/private-folder.ts';
import { SupervisorClient } from '../supervisor/control-client.ts';
import { MARK } from '../supervisor/leftovers.ts';
import { lastLines, outputFile } from '../supervisor/output-file.ts';
import { startDetached } from '../supervisor/start-detached.ts';
import { until } from '../wait.ts';

/** It runs for weeks and does little: keep it small. */
const MEMORY_FLAGS = ['--max-old-space-size=64', '--max-semi-space-size=1'];

/** @param program path of the TypeScript file that runs it: each driver has its own. */
export async function startSupervisor(
  paths: LabPaths,
  program: string,
  signal: AbortSignal,
): Promise<SupervisorClient> {
  for (const folder of [paths.run, paths.secrets]) await makePrivateFolder(folder);
  for (const folder of [paths.logs, paths.applicationLogs, paths.data])
    await mkdir(folder, { recursive: true });
  const output = outputFile(paths.logs, 'supervisor');
  const supervisor = await startDetached(paths, {
    program,
    flags: MEMORY_FLAGS,
    env: { [MARK]: paths.id, NODE_COMPILE_CACHE: join(paths.cache, 'node'), MALLOC_ARENA_MAX: '2' },
    output,
  });
  const client = await until(
    'the supervisor to answer',
    async () => {
      if (supervisor.gone) return 'gone';
      const connected = await SupervisorClient.connect(paths.run);
      return connected && (await connected.status()) ? connected : undefined;
    },
    { deadlineMs: 20_000, everyMs: 50, signal },
  );
  if (client !== 'gone') return client;
  const lines = await lastLines(output, 10);
  throw new CannotRun(['the supervisor ended at once:', ...lines.map((line) => `  ${line}`)].join('\n'));
}
