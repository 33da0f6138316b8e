/** One service as a real child process, started as in production: `node --import @lab/telemetry/register src/main.ts`. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { eventually } from './eventually.ts';
import { freePort } from './free-port.ts';

const root = join(import.meta.dirname, '..', '..');
/** After SIGTERM a program gets this long, ms, before it is killed and the stop fails. */
const STOP_MS = 60_000;

/** A log record as it stands in the file: flat ECS keys. */
export type LogLine = Readonly<Record<string, unknown>>;

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
}

export interface Program extends AsyncDisposable {
  /** `service.name`. */
  name: string;
  pid: number;
  /** `service.instance.id` of this life. */
  instanceId: string;
  managementUrl: string;
  exited: Promise<Exit>;
  /** Resolves once `/readyz` answers 200. @throws with the program's last output when it exits first or is not ready in time. */
  ready(options?: { deadlineMs?: number }): Promise<void>;
  /** The metrics page. */
  metrics(): Promise<string>;
  /** Every record that is in the log file and its rotated predecessors, oldest first. */
  logLines(): Promise<LogLine[]>;
  /** What it wrote to stdout and stderr: last 200 lines. */
  output(): string;
  kill(signal: NodeJS.Signals): void;
  /** SIGTERM, by pid; resolves with the exit. Stopping what has ended already resolves at once. */
  stop(): Promise<Exit>;
}

export interface ProgramOptions {
  /** `service.name` and name of the log file. */
  name: string;
  /** The service's folder in `services/`. */
  folder: string;
  /** Where the log file goes. */
  logFolder: string;
  /** Over the defaults; an undefined value removes one. */
  env?: Readonly<Record<string, string | undefined>>;
}

/** Starts it and returns at once; `ready()` waits. */
export async function startProgram({ name, folder, logFolder, env = {} }: ProgramOptions): Promise<Program> {
  const instanceId = env['SERVICE_INSTANCE_ID'] ?? randomUUID();
  const managementPort = env['MANAGEMENT_PORT'] ?? String(await freePort());
  const managementUrl = `http://127.0.0.1:${managementPort}`;
  const defaults = {
    // Nothing of the test runner's environment but what a process needs to run.
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'],
    TZ: 'UTC',
    SERVICE_NAME: name,
    SERVICE_INSTANCE_ID: instanceId,
    MANAGEMENT_PORT: managementPort,
    LOG_FILE: join(logFolder, `${name}.log`),
    LOG_STDOUT: 'false',
  };
  const child = spawn(process.execPath, ['--import', '@lab/telemetry/register', 'src/main.ts'], {
    cwd: join(root, 'services', folder),
    env: { ...defaults, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      lines.push(...text.trimEnd().split('\n'));
      lines.splice(0, lines.length - 200);
    });
  }
  const exited = once(child, 'close').then(([code, signal]) => ({ code, signal }) as Exit);
  const ended = () => child.exitCode !== null || child.signalCode !== null;
  const output = () => lines.join('\n');

  async function stop(): Promise<Exit> {
    if (ended()) return exited;
    child.kill('SIGTERM');
    const patience = new AbortController();
    const late = new Promise<'late'>((resolve) => {
      const timer = setTimeout(resolve, STOP_MS, 'late');
      patience.signal.addEventListener('abort', () => clearTimeout(timer));
    });
    const end = await Promise.race([exited, late]);
    patience.abort();
    if (end !== 'late') return end;
    child.kill('SIGKILL');
    await exited;
    throw new Error(`${name} (pid ${child.pid}) did not end within ${STOP_MS} ms of SIGTERM\n${output()}`);
  }

  return {
    name,
    pid: child.pid ?? 0,
    instanceId,
    managementUrl,
    exited,
    output,
    kill: (signal) => void child.kill(signal),
    stop,
    async ready({ deadlineMs = 90_000 } = {}) {
      const check = async () => {
        if (ended()) return true;
        const response = await fetch(`${managementUrl}/readyz`);
        await response.arrayBuffer();
        return response.ok;
      };
      await eventually(`${name} ready`, check, { deadlineMs }).catch((cause: Error) => {
        throw new Error(`${cause.message}\n${output()}`, { cause });
      });
      if (ended()) throw new Error(`${name} ended before it was ready\n${output()}`);
    },
    async metrics() {
      const response = await fetch(`${managementUrl}/metrics`);
      return response.text();
    },
    async logLines() {
      const files = (await readdir(logFolder)).filter((file) => file.startsWith(`${name}.log`));
      const age = (file: string) => Number(file.slice(`${name}.log.`.length) || '0');
      files.sort((a, b) => age(b) - age(a));
      const texts = await Promise.all(files.map((file) => readFile(join(logFolder, file), 'utf8')));
      return texts
        .join('')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as LogLine);
    },
    [Symbol.asyncDispose]: async () => {
      await stop();
    },
  };
}
