/** Runs commands in the namespaces of the node. */
import { type CommandOptions, type CommandResult, type ProcessIdentity, runCommand } from '@lab/cli/program';

/** Words before a command that runs in the node: with its mounts, its network and its processes. */
export function enter({ pid }: Pick<ProcessIdentity, 'pid'>): string[] {
  return ['nsenter', `--target=${pid}`, '--mount', '--net', '--pid', '--'];
}

/** @throws Error with command, exit code and the last lines of its output when it fails. */
export function runInNode(
  node: ProcessIdentity,
  command: readonly string[],
  options?: CommandOptions,
): Promise<CommandResult> {
  const [program = '', ...args] = [...enter(node), ...command];
  return runCommand(program, args, options);
}
