/** What a subcommand is: its name, what it says of itself, the options it knows, and what it does. */
import type { LabPaths } from '../settings/paths.ts';
import type { Output } from './output.ts';

export interface OptionDefinition {
  /** `flag` takes no value. */
  kind: 'value' | 'flag';
  summary: string;
}

export interface CommandContext {
  paths: LabPaths;
  environment: NodeJS.ProcessEnv;
  output: Output;
  /** Values of the options that were given. */
  options: Readonly<Record<string, string | true>>;
  /** Aborted by Ctrl-C and by a terminal that closes. */
  signal: AbortSignal;
}

export interface Command {
  name: string;
  summary: string;
  options?: Readonly<Record<string, OptionDefinition>>;
  /** Throws CannotRun (exit 2) or PromiseBroken (exit 1). */
  run(context: CommandContext): Promise<void>;
}
