/** What outlives the command that started the lab in a cluster: which cluster it is, and what was left out there. */
import { readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import type { LabPaths } from '../../settings/paths.ts';
import { makePrivateFolder } from '../../settings/private-folder.ts';
import type { Forward } from './forwards.ts';
import type { Connection } from './kubectl.ts';

const schema = z.object({
  connection: z.object({ kubectl: z.string(), kubeconfig: z.string().optional(), context: z.string() }),
  server: z.string(),
  /** Parts whose images could not be had. */
  leftOut: z.array(z.string()),
  forwards: z.array(
    z.object({
      part: z.string(),
      namespace: z.string(),
      service: z.string(),
      local: z.number(),
      port: z.number(),
    }),
  ),
});

export interface Note {
  connection: Connection;
  /** Address of the API server. */
  server: string;
  leftOut: readonly string[];
  /** The ways from this machine to the parts, which the supervisor holds. */
  forwards: readonly Forward[];
}

/** Returns the note; undefined where the lab was not started in a cluster, or `down` has ended it. */
export async function readNote(paths: Pick<LabPaths, 'run'>): Promise<Note | undefined> {
  const text = await readFile(noteFile(paths), 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const { connection, ...rest } = schema.parse(JSON.parse(text));
  return { ...rest, connection: { ...connection, kubeconfig: connection.kubeconfig } };
}

export async function writeNote(paths: Pick<LabPaths, 'run'>, note: Note): Promise<void> {
  await makePrivateFolder(paths.run);
  await writeFile(noteFile(paths), `${JSON.stringify(note, null, 2)}\n`, { mode: 0o600 });
}

export async function removeNote(paths: Pick<LabPaths, 'run'>): Promise<void> {
  await rm(noteFile(paths), { force: true });
}

function noteFile({ run }: Pick<LabPaths, 'run'>): string {
  return join(run, 'kubernetes.json');
}
