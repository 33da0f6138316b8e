/** Starts one variant on its core and talks to it. */
import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { Sample } from './server.ts';
import type { Variant } from './variants.ts';

export interface RunningServer extends AsyncDisposable {
  url: string;
  sample(): Promise<Sample>;
}

export interface ServerEnvironment {
  databaseUrl: string;
  sessionSecret: string;
  /** Folder for the log file. */
  folder: string;
  otlpUrl: string;
  /** Put before the command, to pin it to a core. */
  pin: readonly string[];
}

/** @throws Error with the program's last output when it ends before it listens. */
export async function startServer(variant: Variant, environment: ServerEnvironment): Promise<RunningServer> {
  const program = join(import.meta.dirname, 'server.ts');
  const { register } = variant;
  const specifier = register?.startsWith('.') ? join(import.meta.dirname, register) : register;
  const [pin, ...pinArguments] = environment.pin;
  const nodeArguments = specifier ? ['--import', specifier] : [];
  const child = fork(program, [], {
    // `fork` runs execPath with execArgv: with a pin, taskset comes first and Node follows as its argument.
    ...(pin
      ? { execPath: pin, execArgv: [...pinArguments, process.execPath, ...nodeArguments] }
      : { execArgv: nodeArguments }),
    env: {
      PATH: process.env['PATH'],
      NODE_ENV: 'production',
      SERVICE_NAME: 'taskmanager-api',
      OTEL_SERVICE_NAME: 'taskmanager-api',
      OTEL_EXPORTER_OTLP_ENDPOINT: environment.otlpUrl,
      OTEL_TRACES_SAMPLER: 'parentbased_traceidratio',
      OTEL_TRACES_SAMPLER_ARG: '1',
      BENCH_VARIANT: variant.name,
      DATABASE_URL: environment.databaseUrl,
      SESSION_SECRET: environment.sessionSecret,
      LOG_FILE: join(environment.folder, `${variant.name}.log`),
      ...variant.environment,
    },
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  let errors = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    errors = `${errors}${chunk}`.slice(-2_000);
  });
  const exited = once(child, 'exit');
  const message = async <T>(): Promise<T> => {
    const answer = await Promise.race([once(child, 'message'), exited.then(() => undefined)]);
    if (!answer) throw new Error(`variant ${variant.name} ended:\n${errors}`);
    return answer[0];
  };
  const { port } = await message<{ port: number }>();
  return {
    url: `http://127.0.0.1:${port}`,
    async sample() {
      const answer = message<Sample>();
      child.send('sample');
      return answer;
    },
    async [Symbol.asyncDispose]() {
      if (child.connected) child.disconnect();
      await exited;
    },
  };
}
