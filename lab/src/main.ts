/**
 * The `lab` command behind make. Owns the command line and exit statuses; each command lives in commands/, what runs
 * behind them in stack/ (the running lab), supervisor/ (its processes), tools/, settings/ and readiness/.
 *
 * Exit status: 0 done and held, 1 a promise was broken, 2 it could not run.
 */
import { parseInvocation, usage } from './cli/arguments.ts';
import type { Command } from './cli/command.ts';
import { CannotRun, isExpected, PromiseBroken } from './cli/failure.ts';
import { paint, table, terminal } from './cli/output.ts';
import { bundle } from './commands/bundle.ts';
import { chaos } from './commands/chaos.ts';
import { chaosFigures } from './commands/chaos-figures.ts';
import { demo } from './commands/demo.ts';
import { doctor } from './commands/doctor.ts';
import { clean, down } from './commands/down.ts';
import { env } from './commands/env.ts';
import { gameday } from './commands/gameday.ts';
import { history } from './commands/history.ts';
import { load } from './commands/load.ts';
import { measure } from './commands/measure.ts';
import { measureLoad } from './commands/measure-load.ts';
import { measureSizing } from './commands/measure-sizing.ts';
import { reload } from './commands/reload.ts';
import { reveal } from './commands/reveal.ts';
import { screenshots } from './commands/screenshots.ts';
import { status } from './commands/status.ts';
import { tools } from './commands/tools.ts';
import { up } from './commands/up.ts';
import { labPaths } from './settings/paths.ts';

const help: Command = {
  name: 'help',
  summary: 'this list',
  async run({ output }) {
    const listed = COMMANDS.filter(({ hidden }) => !hidden);
    for (const line of table(listed.map((each) => [usage(each).replace('usage: ', ''), each.summary])))
      output.result(line);
  },
};

const COMMANDS: readonly Command[] = [
  up,
  down,
  clean,
  status,
  doctor,
  reload,
  history,
  load,
  env,
  tools,
  chaos,
  gameday,
  reveal,
  chaosFigures,
  screenshots,
  demo,
  bundle,
  help,
  measure,
  measureLoad,
  measureSizing,
];

async function main(args: readonly string[]): Promise<number> {
  const interruption = new AbortController();
  const interrupt = (name: string) => () => interruption.abort(new CannotRun(`interrupted by ${name}`));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt(name));
  try {
    const { command, options } = parseInvocation(args, COMMANDS);
    await command.run({
      paths: labPaths(),
      environment: process.env,
      output: terminal,
      options,
      signal: interruption.signal,
    });
    return 0;
  } catch (error) {
    const text = isExpected(error)
      ? error.message
      : error instanceof Error
        ? (error.stack ?? error.message)
        : String(error);
    terminal.progress(paint('red', text, process.stderr));
    return error instanceof PromiseBroken ? 1 : 2;
  }
}

const exitStatus = await main(process.argv.slice(2));
// The detached supervisor is a child whose end this command must not wait for.
process.stdout.write('', () => process.exit(exitStatus));
