/** `workshop measure-experiments`: how long experiments take on a lab that has just started, for docs/figures/rehearsal.json. */
import type { Command } from '@lab/cli';
import { round, writeFigures } from '../figures/figures-file.ts';
import { freshRun } from '../measure/fresh-experiments.ts';

export const measureExperiments: Command = {
  name: 'measure-experiments',
  summary: 'measure `make up && make chaos EXPERIMENT=api-errors` and the core suite, each on a fresh lab',
  options: { all: { kind: 'flag', summary: 'also every experiment (20 minutes)' } },
  async run({ paths, output, options, signal }) {
    const figures: Record<string, number> = {};
    const one = await freshRun(paths, ['EXPERIMENT=api-errors'], signal);
    figures['fresh_experiment_seconds'] = round(one.seconds, 0);
    output.progress(`one experiment on a fresh lab: ${figures['fresh_experiment_seconds']} s`);
    const core = await freshRun(paths, [], signal);
    figures['minutes_core'] = round(core.chaosSeconds / 60, 1);
    output.progress(`the core suite: ${figures['minutes_core']} min`);
    if (options['all'] === true) {
      const all = await freshRun(paths, ['SUITE=all'], signal);
      figures['minutes_all'] = round(all.chaosSeconds / 60, 1);
      output.progress(`every experiment: ${figures['minutes_all']} min`);
    }
    output.result(JSON.stringify(figures, null, 2));
    const command = `node workshop/src/main.ts measure-experiments${options['all'] === true ? ' --all' : ''}`;
    output.result(await writeFigures(paths.root, 'rehearsal', { command, figures }));
  },
};
