import { describe, expect, it } from 'vitest';
import { parseInvocation } from '../src/cli/arguments.ts';
import type { Command } from '../src/cli/command.ts';

const nothing = async () => undefined;
const COMMANDS: Command[] = [
  {
    name: 'up',
    summary: 'start',
    options: { mode: { kind: 'value', summary: '' }, quick: { kind: 'flag', summary: '' } },
    run: nothing,
  },
  { name: 'status', summary: 'look', run: nothing },
  { name: 'help', summary: 'list', run: nothing },
];

describe('the command line', () => {
  it('names a command and its options', () => {
    const { command, options } = parseInvocation(['up', '--mode', 'lite', '--quick'], COMMANDS);
    expect(command.name).toBe('up');
    expect(options).toEqual({ mode: 'lite', quick: true });
  });

  it.each([[[]], [['--help']], [['-h']], [['help']]])('%j asks for the list', (args) => {
    expect(parseInvocation(args, COMMANDS).command.name).toBe('help');
  });

  it.each([
    [['upp'], 'unknown command "upp"'],
    [['stauts'], 'did you mean status?'],
    [['up', '--made', 'lite'], "lab up: Unknown option '--made'"],
    [['up', '--mode'], 'lab up'],
    [['up', '--quick=yes'], 'lab up'],
    [['up', 'lite'], 'usage: lab up [--mode VALUE] [--quick]'],
    [['up', '--mode', 'lite', '--mode', 'full'], '--mode is given twice'],
    [['status', '--json'], 'lab status'],
  ])('%j is refused', (args, message) => {
    expect(() => parseInvocation(args, COMMANDS)).toThrow(message);
  });
});
