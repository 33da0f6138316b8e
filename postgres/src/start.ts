/** Runs a throw-away or kept server as a child of this process: for tests and the benchmark. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { connectionUrl } from './connection-url.ts';
import { type PostgresOptions, preparePostgres } from './prepare.ts';

export interface RunningPostgres extends AsyncDisposable {
  pid: number;
  port: number;
  /** Connection URL of the superuser to a database (default `postgres`). */
  url(database?: string): string;
  /** Stops fast but cleanly (SIGINT); `remove` deletes the data as well. */
  stop(options?: { remove?: boolean }): Promise<void>;
}

/**
 * Starts the server and resolves when it accepts connections.
 * @throws Error with the server's last output lines when it exits first or is not ready within 30 s.
 */
export async function startPostgres(options: PostgresOptions): Promise<RunningPostgres> {
  const { command, args, dataDir, ...spawnOptions } = await preparePostgres(options);
  const child = spawn(command, args, { ...spawnOptions, stdio: ['ignore', 'ignore', 'pipe'] });
  const output: string[] = [];
  const ready = Promise.withResolvers<void>();
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.push(...text.trimEnd().split('\n'));
    output.splice(0, output.length - 20);
    // Its own word, not a connection, tells: on a port that is taken another server would answer.
    if (text.includes('database system is ready to accept connections')) ready.resolve();
  });
  const exited = once(child, 'exit');
  const url = (database = 'postgres') =>
    connectionUrl({ user: 'postgres', password: options.superuserPassword, port: options.port, database });

  async function stop({ remove = false } = {}): Promise<void> {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGINT');
      await exited;
    }
    if (remove) await rm(dataDir, { recursive: true, force: true });
  }

  const deadline = AbortSignal.timeout(30_000);
  deadline.addEventListener('abort', () => ready.reject(new Error('it was not ready within 30 s')));
  child.once('error', ready.reject);
  child.once('exit', (code, signal) => ready.reject(new Error(`it exited with ${signal ?? code}`)));
  try {
    await ready.promise;
  } catch (cause) {
    await stop();
    throw new Error(
      [`Postgres in ${dirname(dataDir)} did not start on port ${options.port}`, ...output].join('\n'),
      {
        cause,
      },
    );
  }
  return { pid: child.pid ?? 0, port: options.port, url, stop, [Symbol.asyncDispose]: () => stop() };
}
