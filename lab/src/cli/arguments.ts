/** Strict reading of the command line: what is not known is refused with what was meant instead. */
import { parseArgs } from 'node:util';
import type { Command } from './command.ts';
import { CannotRun, describeError } from './failure.ts';

export interface Invocation {
  command: Command;
  options: Record<string, string | true>;
}

/** @throws CannotRun for an unknown command, an unknown or repeated option, a missing value, a stray word. */
export function parseInvocation(
  args: readonly string[],
  commands: readonly Command[],
  program = 'lab',
): Invocation {
  const [name = 'help', ...rest] = args;
  const wanted = name === '--help' || name === '-h' ? 'help' : name;
  const command = commands.find((each) => each.name === wanted);
  if (!command) throw new CannotRun(`unknown command ${JSON.stringify(name)}${suggestion(name, commands)}`);
  const known = command.options ?? {};
  const definitions = Object.fromEntries(
    Object.entries(known).map(([option, { kind }]) => [
      option,
      { type: kind === 'flag' ? ('boolean' as const) : ('string' as const) },
    ]),
  );
  let tokens: ReturnType<typeof parse>;
  try {
    tokens = parse(rest, definitions);
  } catch (cause) {
    throw new CannotRun(`${program} ${command.name}: ${describeError(cause)}. ${usage(program, command)}`, {
      cause,
    });
  }
  const options: Record<string, string | true> = {};
  for (const token of tokens) {
    if (token.kind !== 'option') continue;
    if (token.name in options)
      throw new CannotRun(`${program} ${command.name}: --${token.name} is given twice`);
    options[token.name] = token.value ?? true;
  }
  return { command, options };
}

function parse(args: string[], options: Record<string, { type: 'boolean' | 'string' }>) {
  return parseArgs({ args, options, strict: true, allowPositionals: false, tokens: true }).tokens;
}

/** `usage: lab up [--mode VALUE]` */
export function usage(program: string, { name, options = {} }: Command): string {
  const listed = Object.entries(options).map(
    ([option, { kind }]) => `[--${option}${kind === 'value' ? ' VALUE' : ''}]`,
  );
  return [`usage: ${program}`, name, ...listed].join(' ');
}

function suggestion(name: string, commands: readonly Command[]): string {
  const listed = commands.map((command) => command.name);
  const near = listed.filter((each) => each.startsWith(name.slice(0, 3)) && name.length > 2);
  return near.length > 0 ? `: did you mean ${near.join(' or ')}?` : `: expected one of ${listed.join(', ')}`;
}
