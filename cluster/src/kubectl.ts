/** Calls kubectl as the cluster's administrator. */
import { type CommandResult, runCommand } from '@lab/cli/program';
import type { Layout } from './layout.ts';

/** @throws Error with command, exit code and the last lines of its output when it fails. */
export function kubectl(
  { kubectl: program, kubeconfig }: Pick<Layout, 'kubectl' | 'kubeconfig'>,
  args: readonly string[],
  options: { timeoutMs?: number; signal?: AbortSignal } = {},
): Promise<CommandResult> {
  return runCommand(program, ['--kubeconfig', kubeconfig, ...args], options);
}
