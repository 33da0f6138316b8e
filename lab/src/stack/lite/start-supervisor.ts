/** Starts the detached supervisor and returns once it answers. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { CannotRun } from '../../cli/failure.ts';
import type { LabPaths } from '../../settings/paths.ts';
import { makePrivateFolder } from '../../settings/private-folder.ts';
import { SupervisorClient } from '../../supervisor/control-client.ts';
import { MARK } from '../../supervisor/leftovers.ts';
import { lastLines, outputFile, withAppendStream } from '../../supervisor/output-file.ts';
import { until } from '../../wait.ts';

/** It runs for weeks and does little: keep it small. */
const MEMORY_FLAGS = ['--max-old-space-size=64', '--max-semi-space-size=1'];

export async function startSupervisor(paths: LabPaths, signal: AbortSignal): Promise<SupervisorClient> {
  for (const folder of [paths.run, paths.secrets]) await makePrivateFolder(folder);
  for (const folder of [paths.logs, paths.applicationLogs, paths.data])
    await mkdir(folder, { recursive: true });
  const output = outputFile(paths.logs, 'supervisor');
  const program = join(import.meta.dirname, 'supervisor-main.ts');
  const ended = await withAppendStream(output, (stream) => {
    const child = execa(process.execPath, [...MEMORY_FLAGS, program], {
      cwd: paths.root,
      env: { [MARK]: paths.id, NODE_COMPILE_CACHE: join(paths.cache, 'node'), MALLOC_ARENA_MAX: '2' },
      stdin: 'ignore',
      stdout: stream,
      stderr: stream,
      buffer: false,
      // A session of its own: it survives both the terminal and this command.
      detached: true,
      cleanup: false,
      reject: false,
    });
    return { gone: false, child };
  });
  ended.child.then(
    () => {
      ended.gone = true;
    },
    () => {
      ended.gone = true;
    },
  );
  const client = await until(
    'the supervisor to answer',
    async () => {
      if (ended.gone) return 'gone';
      const connected = await SupervisorClient.connect(paths.run);
      return connected && (await connected.status()) ? connected : undefined;
    },
    { deadlineMs: 20_000, everyMs: 50, signal },
  );
  if (client !== 'gone') return client;
  const lines = await lastLines(output, 10);
  throw new CannotRun(['the supervisor ended at once:', ...lines.map((line) => `  ${line}`)].join('\n'));
}
