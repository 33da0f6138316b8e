/** Starts and ends the supervisor that holds the port-forwards. */
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { endProcess } from '../../process/end-process.ts';
import { isRunning } from '../../process/process-table.ts';
import type { LabPaths } from '../../settings/paths.ts';
import { SupervisorClient } from '../../supervisor/control-client.ts';
import { endLeftovers } from '../../supervisor/leftovers.ts';
import { until } from '../../wait.ts';
import { startSupervisor } from '../start-supervisor.ts';
import type { Note } from './note.ts';

const STOP_DEADLINE_MS = 15_000;
const READY_DEADLINE_MS = 60_000;

/** Tells one set of ways from another: where it differs, the supervisor is started anew. */
export function configurationOf({ connection, forwards }: Note): string {
  return createHash('sha256')
    .update(JSON.stringify([connection, forwards]))
    .digest('hex');
}

/** Starts the supervisor where none holds these ways, and waits until all of them lead somewhere. @throws Error naming those that do not. */
export async function holdForwards(paths: LabPaths, note: Note, signal: AbortSignal): Promise<void> {
  const running = await SupervisorClient.connect(paths.run);
  if (running && (await running.status()).configuration !== configurationOf(note)) await endForwards(paths);
  const client =
    (await SupervisorClient.connect(paths.run)) ??
    (await startSupervisor(paths, join(import.meta.dirname, 'supervisor-main.ts'), signal));
  await until(
    'every port-forward to lead to its part',
    async () => {
      const waiting = (await client.status()).parts.filter(({ state }) => state !== 'ready');
      if (waiting.length === 0) return true;
      throw new Error(
        `${waiting.map(({ name }) => name).join(', ')} (${join(paths.logs, `${waiting[0]?.name}.log`)})`,
      );
    },
    { deadlineMs: READY_DEADLINE_MS, everyMs: 100, signal },
  );
}

/** Ends the supervisor and every port-forward, those too that a crash left behind. */
export async function endForwards(paths: LabPaths): Promise<void> {
  const client = await SupervisorClient.connect(paths.run);
  if (client) {
    const gone = () => !isRunning(client.identity);
    try {
      await client.shutdown();
      await until('the supervisor to end', gone, { deadlineMs: STOP_DEADLINE_MS });
    } catch {
      // It does not answer: it is ended by force, and what it held as a leftover.
      await endProcess(client.identity, { signal: 'SIGKILL', deadlineMs: 5_000 });
    }
  }
  await endLeftovers(paths.run, paths.id);
}
