import { labPaths } from '../settings/paths.ts';
import { parseInvocation, usage } from './arguments.ts';
import type { Command } from './command.ts';
import { CannotRun, isExpected, PromiseBroken } from './failure.ts';
import { paint, table, terminal } from './output.ts';

/**
 * Runs the command that the command line names, then ends this process: with status 0 where it is done and held, 1 where a promise was
 * broken, 2 where it could not run. Ctrl-C and a terminal that closes abort the command.
 * @param program its name, as usage lines print it.
 * @param commands those there are; `help`, which lists them, is added.
 */
export async function runProgram(program: string, commands: readonly Command[]): Promise<never> {
  const exitStatus = await run(program, [...commands, helpOf(program, commands)]);
  // A detached supervisor is a child whose end this process must not wait for.
  await new Promise<void>((resolve) => process.stdout.write('', () => resolve()));
  process.exit(exitStatus);
}

function helpOf(program: string, commands: readonly Command[]): Command {
  const help: Command = {
    name: 'help',
    summary: 'this list',
    async run({ output }) {
      const listed = [...commands, help];
      for (const line of table(
        listed.map((each) => [usage(program, each).replace('usage: ', ''), each.summary]),
      ))
        output.result(line);
    },
  };
  return help;
}

async function run(program: string, commands: readonly Command[]): Promise<number> {
  const interruption = new AbortController();
  const interrupt = (name: string) => () => interruption.abort(new CannotRun(`interrupted by ${name}`));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, interrupt(name));
  try {
    const { command, options } = parseInvocation(process.argv.slice(2), commands, program);
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
