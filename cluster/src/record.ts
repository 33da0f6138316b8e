/** The note of how a lab's cluster was made. */
import { readFile, rename, writeFile } from 'node:fs/promises';
import { CannotRun } from '@lab/cli/program';
import { z } from 'zod';
import type { Layout } from './layout.ts';

const recordSchema = z.discriminatedUnion('way', [
  z.object({ way: z.literal('kind') }),
  z.object({
    way: z.literal('packages'),
    link: z.object({ host: z.string(), node: z.string(), prefixLength: z.number() }),
    /** What the running node was started from. */
    startedFrom: z.string().optional(),
  }),
]);

export type ClusterRecord = z.infer<typeof recordSchema>;

/** Undefined where there is no cluster of this lab's. @throws CannotRun where the note is not one of ours. */
export async function readRecord({ record }: Pick<Layout, 'record'>): Promise<ClusterRecord | undefined> {
  const text = await readFile(record, 'utf8').catch(() => undefined); // None was written.
  if (text === undefined) return undefined;
  try {
    return recordSchema.parse(JSON.parse(text));
  } catch (cause) {
    throw new CannotRun(
      `${record} does not say how the cluster was made: run \`make cluster-down\`, then \`make cluster\``,
      {
        cause,
      },
    );
  }
}

/** Whole or not at all. */
export async function writeRecord({ record }: Pick<Layout, 'record'>, value: ClusterRecord): Promise<void> {
  const draft = `${record}.${process.pid}`;
  await writeFile(draft, `${JSON.stringify(value, undefined, 2)}\n`, { mode: 0o600 });
  await rename(draft, record);
}
