/** What outlives the supervisor: which processes it started, so that whoever comes next finds or ends them. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';

const identity = z.object({ pid: z.int().positive(), startedAt: z.string() });

const schema = z.object({
  /** The supervisor itself. */
  supervisor: identity,
  parts: z.array(
    identity.extend({
      name: z.string(),
      /** Of the command that it was started with. */
      fingerprint: z.string(),
      since: z.string(),
      restarts: z.int().nonnegative(),
      stopSignal: z.enum(['SIGTERM', 'SIGINT']),
    }),
  ),
});

export type RecordedState = z.infer<typeof schema>;
export type RecordedPart = RecordedState['parts'][number];

export function stateFile(runFolder: string): string {
  return join(runFolder, 'state.json');
}

/** The record, or undefined where there is none or a crash of the machine left half of one. */
export async function readState(runFolder: string): Promise<RecordedState | undefined> {
  try {
    return schema.parse(JSON.parse(await readFile(stateFile(runFolder), 'utf8')));
  } catch {
    // Nothing recorded is the same as nothing usable: leftovers are then found by their mark.
    return undefined;
  }
}

/** Replaces the record in one step: a reader sees the old one or the new one. */
export async function writeState(runFolder: string, state: RecordedState): Promise<void> {
  const file = stateFile(runFolder);
  const draft = `${file}.${process.pid}`;
  await mkdir(dirname(file), { recursive: true });
  await writeFile(draft, `${JSON.stringify(state, null, 2)}\n`, { mode: 0o600 });
  await rename(draft, file);
}

export async function removeState(runFolder: string): Promise<void> {
  await rm(stateFile(runFolder), { force: true });
}
