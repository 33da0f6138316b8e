/** Processes of this lab that no supervisor watches any more: known by the record, or by the mark in their environment. */
import { readFileSync } from 'node:fs';
import { endProcess } from '../process/end-process.ts';
import { isRunning, type ProcessIdentity, processTable } from '../process/process-table.ts';
import { readState, removeState } from './state-file.ts';

/** Every process that the supervisor starts carries this variable with the lab's id. */
export const MARK = 'LAB_STACK';

export interface Leftover extends ProcessIdentity {
  name: string;
  stopSignal: 'SIGTERM' | 'SIGINT';
}

/** Recorded parts that still run, without those whose number meanwhile belongs to another program. */
export async function recordedLeftovers(runFolder: string): Promise<Leftover[]> {
  const state = await readState(runFolder);
  return (state?.parts ?? []).filter((part) => isRunning(part));
}

/** Processes that carry the lab's mark, but are not among `known`; the caller itself never counts. */
export function markedProcesses(id: string, known: readonly ProcessIdentity[] = []): Leftover[] {
  if (process.platform !== 'linux') return [];
  const skip = new Set([process.pid, ...known.map((each) => each.pid)]);
  return [...processTable().values()]
    .filter((entry) => !entry.zombie && !skip.has(entry.pid) && carriesMark(entry.pid, id))
    .map(({ pid, startedAt }) => ({ pid, startedAt, name: `process ${pid}`, stopSignal: 'SIGTERM' }));
}

function carriesMark(pid: number, id: string): boolean {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0').includes(`${MARK}=${id}`);
  } catch {
    // Another user's process, or one that ended meanwhile: not ours.
    return false;
  }
}

/**
 * Ends whatever a supervisor that is gone left behind, and forgets the record.
 * @returns the names of what had to be ended.
 */
export async function endLeftovers(runFolder: string, id: string): Promise<string[]> {
  const recorded = await recordedLeftovers(runFolder);
  const ended: string[] = [];
  // Reverse order of their start: whoever depends on another goes first.
  for (const leftover of recorded.reverse()) {
    await endProcess(leftover, { signal: leftover.stopSignal, deadlineMs: 15_000 });
    ended.push(leftover.name);
  }
  for (const leftover of markedProcesses(id)) {
    await endProcess(leftover, { signal: leftover.stopSignal, deadlineMs: 5_000 });
    ended.push(leftover.name);
  }
  await removeState(runFolder);
  return ended;
}
