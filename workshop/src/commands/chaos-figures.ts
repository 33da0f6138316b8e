/** `workshop chaos-figures`: writes docs/figures/chaos.json and docs/proof.md from the reports of runs on this machine. */
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import {
  CannotRun,
  type Command,
  chooseExperiments,
  describeError,
  type RunReport,
  readExperiments,
  runReportSchema,
} from '@lab/cli';
import { z } from 'zod';
import { figuresFrom } from '../figures/chaos-figures.ts';
import { writeFigures } from '../figures/figures-file.ts';
import { proofPage } from '../figures/proof-page.ts';

export const chaosFigures: Command = {
  name: 'chaos-figures',
  summary: 'write docs/figures/chaos.json from the reports of `make chaos` and `make chaos SUITE=all`',
  async run({ paths, output }) {
    const { experiments } = readExperiments(join(paths.root, 'loadtests', 'chaos'));
    const core = chooseExperiments(experiments, {}).map(({ name }) => name);
    const reports = await readReports(join(paths.reports, 'chaos'));
    let figures: Record<string, number>;
    try {
      figures = figuresFrom(reports, { core, known: experiments.map(({ name }) => name) });
    } catch (cause) {
      throw new CannotRun(describeError(cause), { cause });
    }
    output.result(JSON.stringify(figures, null, 2));
    const file = await writeFigures(paths.root, 'chaos', { command: 'make chaos SUITE=all', figures });
    const { machine } = z.object({ machine: z.string() }).parse(JSON.parse(await readFile(file, 'utf8')));
    const page = join(paths.root, 'docs', 'proof.md');
    const names = experiments.map(({ name }) => name);
    await writeFile(page, proofPage(reports, names, machine));
    output.result(file);
    output.result(page);
  },
};

/** Newest first; reports of another version are left out. */
async function readReports(folder: string): Promise<RunReport[]> {
  const names = (await readdir(folder).catch(() => [])).sort().reverse();
  const reports = await Promise.all(
    names.map(async (name) => {
      const text = await readFile(join(folder, name, 'report.json'), 'utf8').catch(() => 'null');
      return runReportSchema.safeParse(JSON.parse(text)).data;
    }),
  );
  return reports.filter((report) => report !== undefined);
}
