/** A cluster of a state folder of its own, beside whatever else runs: made and taken away by the commands that a person uses. */

import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CommandResult,
  isRunning,
  labPaths,
  type ProcessIdentity,
  runCommand,
  signalProcess,
  withDescendants,
} from '@lab/cli/program';
import { execa } from 'execa';
import { kubectl } from '../src/kubectl.ts';
import { type Layout, layoutOf } from '../src/layout.ts';
import { findNode } from '../src/node/find-node.ts';

const PROGRAM = join(import.meta.dirname, '../src/main.ts');
const COMMAND_MS = 10 * 60_000;

export class SecondCluster implements AsyncDisposable {
  readonly folder: string;
  readonly layout: Layout;
  readonly #seen: ProcessIdentity[] = [];

  static async create(): Promise<SecondCluster> {
    return new SecondCluster(await mkdtemp(join(tmpdir(), 'lab-cluster-')));
  }

  private constructor(folder: string) {
    this.folder = folder;
    this.layout = layoutOf(labPaths({ LAB_STATE_DIR: folder }));
  }

  /** `make cluster` or `make cluster-down`. @throws Error with its last lines when it fails. */
  run(command: 'up' | 'down'): Promise<CommandResult> {
    return runCommand(process.execPath, [PROGRAM, command], {
      env: { LAB_STATE_DIR: this.folder },
      timeoutMs: COMMAND_MS,
    });
  }

  /** Starts `make cluster` and kills it as soon as `when` holds. */
  async upUntil(when: () => boolean): Promise<void> {
    const command = execa(process.execPath, [PROGRAM, 'up'], {
      env: { LAB_STATE_DIR: this.folder },
      reject: false,
      forceKillAfterDelay: false,
    });
    const timer = setInterval(() => when() && command.kill('SIGKILL'), 20);
    try {
      await command;
    } finally {
      clearInterval(timer);
    }
  }

  kubectl(...args: string[]): Promise<CommandResult> {
    return kubectl(this.layout, args);
  }

  /** The node's first process, if it runs. */
  node(): ProcessIdentity | undefined {
    const node = findNode(this.layout.name);
    if (node) this.#seen.push(...withDescendants(node.pid));
    return node;
  }

  /** Processes of the node, of pods too, that were seen in it at any time and still run. */
  survivors(): ProcessIdentity[] {
    return this.#seen.filter(isRunning);
  }

  /** Kills the node's processes whose command line has this word. @returns how many. */
  kill(word: string): number {
    const node = this.node();
    if (!node) return 0;
    const [, ...inNode] = withDescendants(node.pid);
    const found = inNode.filter(({ pid }) =>
      readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(word),
    );
    return found.filter((each) => signalProcess(each, 'SIGKILL')).length;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.node();
    await this.run('down');
    await rm(this.folder, { recursive: true, force: true });
  }
}
