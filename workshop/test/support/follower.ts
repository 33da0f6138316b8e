/** Runs Fluentd's test double outside its image: by a copy of our configuration with other folders, another server and another port. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '@lab/manifest';
import { freePort } from '@lab/testing';

export interface Follower extends AsyncDisposable {
  /** Ends it at once, as `kill -9` does, and resolves when it is gone. */
  kill(): Promise<void>;
  /** Starts it again after a kill. */
  start(): void;
  /** Lines that it put aside. */
  rejected(): string[];
  output(): string;
}

export interface FollowerOptions {
  folder: string;
  elasticsearchPort: number;
  environment?: Readonly<Record<string, string>>;
}

/** Writes the configuration, and starts the double with `kubernetes.conf`. */
export async function startFollower(options: FollowerOptions): Promise<Follower> {
  const { folder, elasticsearchPort, environment = {} } = options;
  const state = join(folder, 'state');
  mkdirSync(state, { recursive: true });
  const metricsPort = await freePort();
  for (const file of globSync('fluentd/*.conf', { cwd: ROOT })) {
    const text = readFileSync(join(ROOT, file), 'utf8')
      .replaceAll('/fluentd/state', state)
      .replaceAll('/var/log', join(folder, 'log'))
      .replace(/^ {2}host elasticsearch$/m, '  host 127.0.0.1')
      .replace('port 9200', `port ${elasticsearchPort}`)
      .replace('port 24231', `port ${metricsPort}`);
    writeFileSync(join(folder, file.replace('fluentd/', '')), text);
  }
  const program = join(ROOT, 'workshop/stand-ins/fluentd/follower.rb');
  let child: ChildProcess | undefined;
  const runs = () => child !== undefined && child.exitCode === null && child.signalCode === null;
  let output = '';
  const start = () => {
    if (runs()) throw new Error('it runs already: a second one would follow beside it');
    child = spawn('ruby', [program, join(folder, 'kubernetes.conf')], {
      env: { PATH: process.env['PATH'], LANG: 'C.UTF-8', ...environment },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  };
  const kill = async () => {
    if (child === undefined || !runs()) return;
    const exited = once(child, 'exit');
    child.kill('SIGKILL');
    await exited;
  };
  execFileSync('ruby', ['--version'], { stdio: 'ignore' });
  start();
  return {
    kill,
    start,
    output: () => output,
    rejected: () =>
      globSync(join(state, 'rejected-lines.log')).flatMap((file) =>
        readFileSync(file, 'utf8').split('\n').filter(Boolean),
      ),
    [Symbol.asyncDispose]: kill,
  };
}
