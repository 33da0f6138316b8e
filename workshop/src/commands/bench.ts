/** `workshop bench`: what the instrumentation costs; only a whole run (every variant, 5 rounds or more) writes docs/figures/bench.json. */
import { CannotRun, type Command, type CommandContext } from '@lab/cli';
import { runBench } from '../bench/run.ts';
import { VARIANTS } from '../bench/variants.ts';
import { whole } from '../whole.ts';

export const bench: Command = {
  name: 'bench',
  summary: 'what the instrumentation costs, side by side, written to docs/figures/bench.json',
  options: {
    rounds: { kind: 'value', summary: 'default 5' },
    slices: { kind: 'value', summary: 'of a round; default 4' },
    seconds: { kind: 'value', summary: 'a slice lasts; default 1' },
    rate: { kind: 'value', summary: 'requests a second; default 1000' },
    variants: { kind: 'value', summary: 'names with commas between; default all' },
  },
  async run({ paths, output, options }) {
    await runBench(paths.root, output, {
      rounds: whole(options, 'rounds', 5),
      slices: whole(options, 'slices', 4),
      seconds: whole(options, 'seconds', 1),
      rate: whole(options, 'rate', 1000),
      variants: variantsOf(options),
    });
  },
};

function variantsOf({ variants }: CommandContext['options']) {
  if (typeof variants !== 'string') return VARIANTS;
  return variants.split(',').map((name) => {
    const variant = VARIANTS.find((one) => one.name === name);
    if (!variant)
      throw new CannotRun(
        `--variants: no ${JSON.stringify(name)}; there are ${VARIANTS.map((one) => one.name).join(', ')}`,
      );
    return variant;
  });
}
