/** `workshop demo`: the whole story unattended: up, load, chaos, pictures; it ends with where to look. */
import { join } from 'node:path';
import {
  type Command,
  type CommandContext,
  chaos,
  formatDuration,
  load,
  loadSettings,
  openStackInUse,
  PromiseBroken,
  table,
  up,
} from '@lab/cli';
import { screenshots } from './screenshots.ts';

const STEPS: readonly { command: Command; tells: string }[] = [
  { command: up, tells: 'the lab runs, and every signal can be queried' },
  { command: load, tells: 'people use it: an ordinary day, judged by the objectives' },
  { command: chaos, tells: 'it is broken on purpose: alerts fire, arrive and resolve' },
  { command: screenshots, tells: 'pictures of all of it' },
];

export const demo: Command = {
  name: 'demo',
  summary: 'up, load, chaos and screenshots in a row; ends with the gallery',
  async run(context) {
    const { paths, output, environment } = context;
    const rows: string[][] = [['step', 'took', 'outcome']];
    const broken: string[] = [];
    for (const [index, { command, tells }] of STEPS.entries()) {
      output.progress(`\n${index + 1} of ${STEPS.length}: make ${command.name}: ${tells}`);
      const began = performance.now();
      const complaint = await brokenPromise(command, context);
      if (complaint !== undefined) broken.push(`${command.name}: ${complaint}`);
      const took = formatDuration(performance.now() - began);
      rows.push([`make ${command.name}`, took, complaint === undefined ? 'done' : 'a promise was broken']);
    }
    output.result('');
    for (const line of table(rows)) output.result(line);
    const stack = await openStackInUse(paths, await loadSettings(paths, environment));
    output.result(`gallery: ${join(paths.root, 'docs', 'screenshots', 'README.md')}`);
    output.result(`reports: ${paths.reports}`);
    output.result(`the lab is still up: ${stack.addresses.console} (\`make down\` stops it)`);
    if (broken.length > 0) throw new PromiseBroken(broken.join('\n'));
  },
};

/** A promise that was broken is worth knowing and no reason to stop; what cannot run ends the demo. */
async function brokenPromise(command: Command, context: CommandContext): Promise<string | undefined> {
  try {
    await command.run({ ...context, options: {} });
    return undefined;
  } catch (error) {
    // An ended load has a report and a verdict; whoever pressed Ctrl-C wants neither the next step nor the blame.
    context.signal.throwIfAborted();
    if (!(error instanceof PromiseBroken)) throw error;
    context.output.progress(error.message);
    return error.message;
  }
}
