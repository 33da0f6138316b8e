/** What is going on and how it is undone, in .lab/run/chaos.json: written before anything is done, gone when all is undone. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { rollbackSchema } from '../experiment/actions.ts';

const identity = z.object({ pid: z.int().positive(), startedAt: z.string() });

const stateSchema = z.object({
  /** Of the run; names its report's folder. */
  id: z.string(),
  kind: z.enum(['chaos', 'gameday']),
  /** The process that runs it, and will undo it. */
  owner: identity,
  /** ISO time after which it is undone though the owner lives. */
  deadline: z.string(),
  speed: z.number(),
  /** Experiments that were begun: the name, the id under which the console knows it, and what undoes it. */
  experiments: z.array(
    z.object({
      name: z.string(),
      announcedAs: z.string().optional(),
      startedAt: z.string(),
      rollbacks: z.array(rollbackSchema),
    }),
  ),
});
export type ChaosState = z.infer<typeof stateSchema>;

export function stateFile(runFolder: string): string {
  return join(runFolder, 'chaos.json');
}

/** Undefined where nothing is going on. @throws Error where the file is there and cannot be read as one. */
export async function readState(runFolder: string): Promise<ChaosState | undefined> {
  const file = stateFile(runFolder);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw error;
  });
  if (text === undefined) return undefined;
  const result = stateSchema.safeParse(parse(text));
  if (result.success) return result.data;
  throw new Error(
    `${file} is damaged: \`make up\` completes the lab, and whatever was broken on purpose ends by itself`,
  );
}

/** Appears whole or not at all: a guardian may read it at any moment. */
export async function writeState(runFolder: string, state: ChaosState): Promise<void> {
  const file = stateFile(runFolder);
  await writeFile(`${file}.${process.pid}`, JSON.stringify(state, null, 2), { mode: 0o600 });
  await rename(`${file}.${process.pid}`, file);
}

export async function removeState(runFolder: string): Promise<void> {
  await rm(stateFile(runFolder), { force: true });
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Not JSON: the schema says so.
    return undefined;
  }
}
