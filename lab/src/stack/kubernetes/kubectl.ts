/** Calls `kubectl` for one context; the only place that knows how. */
import type { z } from 'zod';
import { type CommandOptions, type CommandResult, runCommand } from '../../process/run-command.ts';

/** How a cluster is reached. It is noted, so that later commands and the supervisor reach the same one. */
export interface Connection {
  /** The program. */
  kubectl: string;
  /** Undefined: the file that kubectl itself finds. */
  kubeconfig: string | undefined;
  context: string;
}

export type KubectlCall = Pick<CommandOptions, 'timeoutMs' | 'signal' | 'input' | 'expected'>;

export class Kubectl {
  readonly connection: Connection;

  constructor(connection: Connection) {
    this.connection = connection;
  }

  /** Returns the whole command line's arguments, for whoever starts the program himself. */
  arguments(args: readonly string[]): string[] {
    const { kubeconfig, context } = this.connection;
    return [...(kubeconfig === undefined ? [] : ['--kubeconfig', kubeconfig]), '--context', context, ...args];
  }

  /** @throws Error with command, exit code and last lines. */
  run(args: readonly string[], call: KubectlCall = {}): Promise<CommandResult> {
    return runCommand(this.connection.kubectl, this.arguments(args), call);
  }

  /** Returns its answer, checked. `--output json` is added. @throws Error as `run`; ZodError for an answer of another form. */
  async json<T>(schema: z.ZodType<T>, args: readonly string[], call?: KubectlCall): Promise<T> {
    const { stdout } = await this.run([...args, '--output', 'json'], call);
    return schema.parse(JSON.parse(stdout));
  }
}
