/** `lab recordings`: renews the committed set from runs of experiments. */
import { cp, mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readExperiments } from '../chaos/experiment/catalogue.ts';
import { runReportSchema } from '../chaos/report/run-report.ts';
import type { Command } from '../cli/command.ts';
import { CannotRun } from '../cli/failure.ts';
import { RECORDINGS } from '../recordings/keep-recordings.ts';
import { recordingBytes, recordingFolder, recordingNames } from '../recordings/recording.ts';

/** The set goes into git, and everybody who clones gets it. */
const MOST_BYTES = 4 * 1024 * 1024;

export const recordings: Command = {
  name: 'recordings',
  summary: 'renew prometheus/recordings from the newest run of each experiment that kept its promises',
  async run({ paths, output }) {
    const known = new Set(
      readExperiments(join(paths.root, 'loadtests', 'chaos')).experiments.map(({ name }) => name),
    );
    const runs = join(paths.reports, 'chaos');
    const newest = new Map<string, string>();
    // The names of their folders are moments.
    for (const run of (await readdir(runs).catch(() => [])).sort().reverse())
      for (const name of await keptIn(join(runs, run)))
        if (known.has(name) && !newest.has(name)) newest.set(name, join(runs, run, RECORDINGS));
    if (newest.size === 0)
      throw new CannotRun(`no run below ${runs} left recordings: \`make chaos SUITE=all\` makes them`);
    const folder = recordingFolder(paths.root);
    await mkdir(folder, { recursive: true });
    for (const [name, from] of newest)
      await cp(join(from, `${name}.tar.zst`), join(folder, `${name}.tar.zst`));
    const names = await recordingNames(folder);
    const sizes = await Promise.all(names.map((name) => recordingBytes(folder, name)));
    const bytes = sizes.reduce((sum, size) => sum + size, 0);
    output.result(
      `${newest.size} recordings renewed; ${names.length} in ${folder}, ${(bytes / 1024 / 1024).toFixed(2)} MB`,
    );
    if (bytes > MOST_BYTES)
      throw new CannotRun(
        `the set is larger than ${MOST_BYTES / 1024 / 1024} MB: take some out of ${folder}`,
      );
  },
};

/** Names what was recorded in a run and kept its promises. A folder without a report of ours has nothing to give. */
async function keptIn(run: string): Promise<string[]> {
  const text = await readFile(join(run, 'report.json'), 'utf8').catch(() => undefined);
  const report = text === undefined ? undefined : runReportSchema.safeParse(JSON.parse(text));
  if (!report?.success) return [];
  const kept = report.data.experiments.filter(({ verdict }) => verdict === 'kept').map(({ name }) => name);
  const recorded = await recordingNames(join(run, RECORDINGS));
  return recorded.filter((name) => kept.includes(name));
}
