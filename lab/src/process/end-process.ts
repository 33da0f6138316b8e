/** Ends processes by identity, never by number alone. */
import { until } from '../wait.ts';
import { isRunning, type ProcessIdentity, withDescendants } from './process-table.ts';

/** Sends a signal to this very process; false where it no longer runs. */
export function signalProcess(identity: ProcessIdentity, signal: NodeJS.Signals): boolean {
  if (!isRunning(identity)) return false;
  try {
    process.kill(identity.pid, signal);
    return true;
  } catch (error) {
    // It ended between the look and the signal.
    if (error instanceof Error && 'code' in error && error.code === 'ESRCH') return false;
    throw error;
  }
}

/** Sends a signal to the process and everything below it, parents first (a paused parent makes no new children). */
export function signalTree(identity: ProcessIdentity, signal: NodeJS.Signals): void {
  if (!isRunning(identity)) return;
  for (const entry of withDescendants(identity.pid)) signalProcess(entry, signal);
}

/**
 * Asks the process to end, waits, and then ends it and everything below it by force.
 * @returns false where force was needed.
 */
export async function endProcess(
  identity: ProcessIdentity,
  { signal = 'SIGTERM', deadlineMs }: { signal?: NodeJS.Signals; deadlineMs: number },
): Promise<boolean> {
  const family = isRunning(identity) ? withDescendants(identity.pid) : [];
  signalProcess(identity, signal);
  // One that was paused takes no note of a request to end.
  signalTree(identity, 'SIGCONT');
  const gone = () => !isRunning(identity);
  const gentle = await until('the process to end', gone, { deadlineMs, everyMs: 25 }).catch(() => false);
  for (const entry of family) signalProcess(entry, 'SIGKILL');
  if (!gentle)
    await until(`process ${identity.pid} to end after SIGKILL`, gone, { deadlineMs: 10_000, everyMs: 25 });
  return gentle !== false;
}
