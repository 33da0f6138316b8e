/** The note of what was put into Prometheus: what makes a second run a no-op, and removal exact. */
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { CannotRun } from '../cli/failure.ts';
import type { LabPaths } from '../settings/paths.ts';

const schema = z.object({
  /** `partial`: being put in or taken out; a crash left it so. */
  state: z.enum(['partial', 'complete']),
  /** Unix milliseconds. */
  from: z.number(),
  to: z.number(),
  /** Names of the block folders. */
  blocks: z.array(z.string().regex(/^[0-9A-Z]{26}$/)),
});

export type HistoryRecord = z.infer<typeof schema>;

/** Names the note of `make history`: 30 days. */
export const historyFile = ({ data }: Pick<LabPaths, 'data'>) => join(data, 'history.json');
/** Names the note of the minutes that `make chaos` gives to a young lab. */
export const recentPastFile = ({ data }: Pick<LabPaths, 'data'>) => join(data, 'recent-past.json');

/** Undefined where there is none. @throws CannotRun for a damaged one: guessing which blocks are ours could delete others. */
export async function readRecord(file: string): Promise<HistoryRecord | undefined> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return schema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CannotRun(
      `${file} is damaged: expected the note that \`make history\` leaves; \`make clean\` removes all data`,
      { cause },
    );
  }
}

/** Whole or not at all. */
export async function writeRecord(file: string, record: HistoryRecord): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(`${file}.new`, JSON.stringify(record));
  await rename(`${file}.new`, file);
}

export async function removeRecord(file: string): Promise<void> {
  await rm(file, { force: true });
}
