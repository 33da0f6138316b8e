import { CannotRun, type CommandContext } from '@lab/cli';

/** Reads an option that counts something. @throws CannotRun where it is no whole number from 1. */
export function whole(options: CommandContext['options'], name: string, usual: number): number {
  const value = Number(options[name] ?? usual);
  if (!Number.isInteger(value) || value < 1)
    throw new CannotRun(`--${name}: expected a whole number from 1, received ${options[name]}`);
  return value;
}
