/** What the game day's commands and its director tell each other, in .lab/run: readable for the lab's user only. */
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';

const order = z.object({ experiment: z.string(), speed: z.number(), minutes: z.number() });
/** What the director is to do. */
export type GamedayOrder = z.infer<typeof order>;

const outcome = z.object({
  experiment: z.string(),
  /** ISO times; null: it was not begun. */
  startedAt: z.string().nullable(),
  endedAt: z.string(),
  verdict: z.string(),
  /** What went wrong, where something did. */
  problem: z.string().nullable(),
  report: z.string().nullable(),
});
/** What came of it. */
export type GamedayOutcome = z.infer<typeof outcome>;

export const orderFile = (runFolder: string) => join(runFolder, 'gameday.json');
export const outcomeFile = (runFolder: string) => join(runFolder, 'gameday-outcome.json');

export const readOrder = (runFolder: string) => read(orderFile(runFolder), order);
export const readOutcome = (runFolder: string) => read(outcomeFile(runFolder), outcome);
export const writeOrder = (runFolder: string, value: GamedayOrder) => write(orderFile(runFolder), value);
export const writeOutcome = (runFolder: string, value: GamedayOutcome) =>
  write(outcomeFile(runFolder), value);

export async function forget(runFolder: string): Promise<void> {
  await rm(orderFile(runFolder), { force: true });
  await rm(outcomeFile(runFolder), { force: true });
}

async function read<T>(file: string, schema: z.ZodType<T>): Promise<T | undefined> {
  const text = await readFile(file, 'utf8').catch(() => undefined);
  return text === undefined ? undefined : schema.parse(JSON.parse(text));
}

async function write(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.draft`, JSON.stringify(value, null, 2), { mode: 0o600 });
  await rename(`${file}.draft`, file);
}
