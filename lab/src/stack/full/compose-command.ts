/** Calls `docker compose` for this checkout; the only place that knows how. */
import { CannotRun } from '../../cli/failure.ts';
import { type CommandResult, runCommand } from '../../process/run-command.ts';
import type { LabPaths } from '../../settings/paths.ts';
import { engineFailure } from './engine-failure.ts';

/** `up --wait`, `config --images` and optional dependencies as compose.yaml uses them. */
const COMPOSE_NEEDED = [2, 24] as const;

export interface ComposeCall {
  timeoutMs?: number;
  signal?: AbortSignal;
  /** More variables for this call. */
  variables?: Record<string, string>;
}

export class ComposeCommand {
  readonly #paths: LabPaths;
  readonly #variables: Record<string, string>;

  /** @param variables what compose.yaml takes besides `.env`; they win over it. */
  constructor(paths: LabPaths, variables: Record<string, string> = {}) {
    this.#paths = paths;
    this.#variables = variables;
  }

  /** @throws Error with command, exit code and last lines. */
  compose(args: readonly string[], { variables, ...call }: ComposeCall = {}): Promise<CommandResult> {
    const { root, environmentFile } = this.#paths;
    const project = ['compose', '--env-file', environmentFile, '--project-directory', root];
    return runCommand('docker', [...project, '--ansi', 'never', '--progress', 'plain', ...args], {
      cwd: root,
      env: { ...this.#variables, ...variables },
      ...call,
    });
  }

  /** A command of the engine itself. @throws Error as `compose`. */
  docker(args: readonly string[], call: Omit<ComposeCall, 'variables'> = {}): Promise<CommandResult> {
    return runCommand('docker', args, call);
  }
}

/** @throws CannotRun saying what full mode lacks on this machine, with the cure. */
export async function requireEngine(): Promise<void> {
  try {
    await runCommand('docker', ['version', '--format', '{{.Server.Version}}'], { timeoutMs: 10_000 });
  } catch (error) {
    const { said, cure } = engineFailure(error);
    throw new CannotRun(`no container engine answers (${said}): ${cure}`, { cause: error });
  }
  const version = await runCommand('docker', ['compose', 'version', '--short'], { timeoutMs: 10_000 }).catch(
    (cause: unknown) => {
      throw new CannotRun('this Docker has no Compose plugin: install Compose 2.24 or newer', { cause });
    },
  );
  if (!isRecent(version.stdout.trim()))
    throw new CannotRun(
      `Compose ${version.stdout.trim()} is too old: expected ${COMPOSE_NEEDED.join('.')} or newer`,
    );
}

/** Whether a version of Compose is new enough; one built from source calls itself `dev` and is believed. */
export function isRecent(version: string): boolean {
  const [, major, minor] = /^v?(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined || minor === undefined) return version === 'dev';
  const [needMajor, needMinor] = COMPOSE_NEEDED;
  return Number(major) > needMajor || (Number(major) === needMajor && Number(minor) >= needMinor);
}
