/** Runs a command to its end and returns what it said; one place holds the defaults. */
import { execa } from 'execa';

export interface CommandOptions {
  cwd?: string;
  /** Variables over those of this process. */
  env?: Record<string, string>;
  timeoutMs?: number;
  signal?: AbortSignal;
  /** Text for its standard input: what must stand neither in a process list nor in a file. */
  input?: string;
  /** Exit codes that are answers and no failures; default: 0 alone. */
  expected?: readonly number[];
}

export interface CommandResult {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
}

/**
 * Output of a command.
 * @throws Error with command, exit code, duration and the last lines of its output when it fails.
 */
export async function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, timeoutMs = 60_000, signal, input, expected = [0] }: CommandOptions = {},
): Promise<CommandResult> {
  const result = await execa(command, args, {
    ...(cwd === undefined ? {} : { cwd }),
    ...(env === undefined ? {} : { env }),
    ...(signal === undefined ? {} : { cancelSignal: signal }),
    timeout: timeoutMs,
    reject: false,
    ...(input === undefined ? { stdin: 'ignore' as const } : { input }),
  });
  const answered = result.exitCode !== undefined && expected.includes(result.exitCode);
  if (!result.failed || (answered && !result.timedOut && !result.isCanceled))
    return { exitCode: result.exitCode, stdout: result.stdout, stderr: result.stderr };
  // Frames of a stack tell a person nothing that its message does not.
  const said = `${result.stdout}\n${result.stderr}`
    .trim()
    .split('\n')
    .filter((line) => !/^\s+at /.test(line));
  const output = said.slice(-10);
  const how = result.timedOut
    ? `took longer than ${timeoutMs / 1000} s`
    : result.exitCode === undefined
      ? (result.originalMessage ?? `ended by ${result.signal}`)
      : `exited with ${result.exitCode} after ${(result.durationMs / 1000).toFixed(1)} s`;
  throw new Error([`${result.command} ${how}`, ...output].join('\n'), { cause: result.cause });
}
