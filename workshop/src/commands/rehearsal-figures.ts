/** `workshop rehearsal-figures`: docs/figures/rehearsal.json, from the committed recordings. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Command, recordingBytes, recordingFolder, recordingNames } from '@lab/cli';
import { z } from 'zod';
import { round, writeFigures } from '../figures/figures-file.ts';
import { costOf, costOfEdit, sharpness } from '../rehearsal/measure.ts';

/** Its threshold is the one that README edits. */
const EDITED = 'HighErrorRate';
const MEGABYTE = 1024 * 1024;

export const rehearsalFigures: Command = {
  name: 'rehearsal-figures',
  summary: 'measure make rehearse, count the mutants that it sees, and write docs/figures/rehearsal.json',
  async run({ paths, output, signal }) {
    const folder = recordingFolder(paths.root);
    const names = await recordingNames(folder);
    const sizes = await Promise.all(names.map((name) => recordingBytes(folder, name)));
    // The first one fills caches of programs and sources, as the first one of a day does.
    await costOf(paths, [`RECORDING=${names[0]}`]);
    const all = await costOf(paths, ['EVERYTHING=1']);
    output.progress(
      `all recordings: ${all.seconds.toFixed(1)} s, ${Math.round(all.peakBytes / MEGABYTE)} MB`,
    );
    const one = await costOfEdit(paths, EDITED);
    output.progress(`one edited rule: ${one.seconds.toFixed(1)} s`);
    const seen = await sharpness(paths, { signal, progress: output.progress });
    for (const line of seen.unseen) output.progress(`not seen: ${line}`);
    const live = await liveMinutes(paths.root);
    const figures = {
      recordings: names.length,
      megabytes: round(sizes.reduce((sum, size) => sum + size, 0) / MEGABYTE, 2),
      seconds_all: round(all.seconds, 1),
      seconds_one: round(one.seconds, 1),
      memory_mb: Math.round(all.peakBytes / MEGABYTE),
      ratio_to_live: Math.round((live * 60) / all.seconds),
      alerts_same_verdict: seen.same,
      alerts_compared: seen.compared,
      mutants_seen: seen.seen,
      mutants: seen.mutants,
    };
    output.result(JSON.stringify(figures, null, 2));
    const command = 'node workshop/src/main.ts rehearsal-figures';
    output.result(await writeFigures(paths.root, 'rehearsal', { command, figures }));
  },
};

const chaosFile = z.object({ figures: z.looseObject({ minutes_all: z.number() }) });

/** The newest live run of every experiment, as `workshop chaos-figures` wrote it. */
async function liveMinutes(root: string): Promise<number> {
  const text = await readFile(join(root, 'docs', 'figures', 'chaos.json'), 'utf8');
  return chaosFile.parse(JSON.parse(text)).figures.minutes_all;
}
