import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface Child extends AsyncDisposable {
  process: ChildProcess;
  /** Every message that came over IPC. */
  messages: Record<string, unknown>[];
  /** Resolves with the exit status, or the signal's name. */
  exited: Promise<number | string>;
  /** What came over standard error. */
  errors: string[];
}

/** Runs a program of `fixtures/`; ended when disposed. @param stdio of standard output and error; IPC comes on top. */
export function startFixture(
  name: string,
  parameters: string[],
  env: Record<string, string>,
  stdout: 'pipe' | 'ignore' | number = 'ignore',
  execArgv: string[] = [],
): Child {
  const path = fileURLToPath(new URL(`../fixtures/${name}`, import.meta.url));
  const stdio: StdioOptions = ['ignore', stdout, 'pipe', 'ipc'];
  const child = spawn(process.execPath, [...execArgv, path, ...parameters], {
    stdio,
    env: { ...process.env, ...env },
  });
  const messages: Record<string, unknown>[] = [];
  child.on('message', (message) => messages.push(message as Record<string, unknown>));
  const errors: string[] = [];
  child.stderr?.setEncoding('utf8').on('data', (text: string) => errors.push(text));
  const exited = once(child, 'exit').then(([status, signal]) => (status ?? signal) as number | string);
  return {
    process: child,
    messages,
    exited,
    errors,
    async [Symbol.asyncDispose]() {
      if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
      await exited;
    },
  };
}
