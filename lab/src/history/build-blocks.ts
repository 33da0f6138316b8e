/** Turns the past into Prometheus blocks, by promtool, in a folder beside Prometheus's own. */
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Objectives } from '@lab/prometheus';
import { runCommand } from '../process/run-command.ts';
import { openMetrics } from './open-metrics.ts';
import { HOUR, type Timeline } from './timeline.ts';

/**
 * The largest block that Prometheus makes of 31 days (2 h × 3³, below a tenth of the retention). promtool reads its input once for every
 * block of it, so each block gets an input of its own.
 */
const BLOCK = 54 * HOUR;

export interface Promtool {
  command: string;
  /** Where Debian's unpacked one must be started; undefined: anywhere. */
  cwd: string | undefined;
}

export interface BuildOptions {
  promtool: Promtool;
  timeline: Timeline;
  objectives: Objectives;
  /** Made, and to be removed by the caller. Holds at most one block's text (some 40 MB) besides the blocks. */
  folder: string;
  signal: AbortSignal;
}

/** @returns names of the block folders in `folder`. */
export async function buildBlocks(options: BuildOptions): Promise<string[]> {
  const { promtool, folder, signal } = options;
  const input = join(folder, 'history.om');
  await mkdir(folder, { recursive: true });
  const minutes = openMetrics(options.timeline, options.objectives);
  for (let next = minutes.next(); !next.done; ) {
    const end = (Math.floor(next.value.time / BLOCK) + 1) * BLOCK;
    await pipeline(
      function* () {
        for (; !next.done && next.value.time < end; next = minutes.next()) yield next.value.text;
        yield '# EOF\n';
      },
      createWriteStream(input),
      { signal },
    );
    await createBlocks({ promtool, input, folder, signal });
  }
  return keptApart(folder);
}

/** Makes blocks of one stretch of samples in OpenMetrics text, without the closing `# EOF`. @returns names of their folders in `folder`. */
export async function buildBlocksOf(
  text: Iterable<string>,
  { promtool, folder, signal }: Pick<BuildOptions, 'promtool' | 'folder' | 'signal'>,
): Promise<string[]> {
  const input = join(folder, 'history.om');
  await mkdir(folder, { recursive: true });
  await writeFile(input, `${[...text].join('')}# EOF\n`);
  await createBlocks({ promtool, input, folder, signal });
  return keptApart(folder);
}

/** Has promtool make blocks of `input`, and removes that. */
async function createBlocks({
  promtool,
  input,
  folder,
  signal,
}: Pick<BuildOptions, 'promtool' | 'folder' | 'signal'> & { input: string }): Promise<void> {
  await runCommand(
    promtool.command,
    ['tsdb', 'create-blocks-from', '--max-block-duration=54h', 'openmetrics', '--quiet', input, folder],
    { timeoutMs: 120_000, signal, ...(promtool.cwd === undefined ? {} : { cwd: promtool.cwd }) },
  );
  await rm(input);
}

/** Marks every block in a folder as one that is never merged. @returns their names. */
async function keptApart(folder: string): Promise<string[]> {
  const blocks = (await readdir(folder, { withFileTypes: true }))
    .filter((entry) => entry.isDirectory() && /^[0-9A-Z]{26}$/.test(entry.name))
    .map(({ name }) => name);
  for (const block of blocks) await keepApart(join(folder, block, 'meta.json'));
  return blocks;
}

/**
 * Prometheus leaves a block whose compaction failed out of every further one (tsdb/compact.go, selectDirs). With that note the past
 * is never merged with what the lab measured, and can be taken out again exactly.
 */
async function keepApart(file: string): Promise<void> {
  const meta: unknown = JSON.parse(await readFile(file, 'utf8'));
  if (typeof meta !== 'object' || meta === null || !('compaction' in meta))
    throw new Error(`${file}: expected a block's description with "compaction"`);
  const compaction = { ...(meta.compaction as object), failed: true };
  await writeFile(file, `${JSON.stringify({ ...meta, compaction }, null, '\t')}\n`);
}
