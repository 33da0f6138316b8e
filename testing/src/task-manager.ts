/**
 * The whole task manager as real processes: api, worker and web on free ports, on a Postgres the caller brings.
 * Owns their start and stop and nothing else; load, faults and assertions are the caller's.
 */
import { randomUUID } from 'node:crypto';
import { freePort } from './free-port.ts';
import { type Program, startProgram } from './program.ts';
import { ensureWebApp } from './web-app.ts';

type Env = Readonly<Record<string, string | undefined>>;

export interface TaskManagerOptions {
  /** URL of the role that migrates. */
  ownerUrl: string;
  /** URL of the role that api and worker run as. */
  appUrl: string;
  /** Where the log files go. */
  logFolder: string;
  /** OTLP base URL; without it no span is exported. */
  otlpUrl?: string;
  /** More for each program's environment; an undefined value removes one. */
  env?: { all?: Env; api?: Env; worker?: Env; web?: Env };
}

export interface TaskManager extends AsyncDisposable {
  api: Program;
  worker: Program;
  web: Program;
  apiUrl: string;
  webUrl: string;
  /** Starts one of them again after it ended, on the same ports, as a new instance; resolves when it is ready. */
  restart(which: 'api' | 'worker' | 'web'): Promise<void>;
}

/** Starts the three and resolves when all are ready. A failed start leaves nothing running. */
export async function startTaskManager(options: TaskManagerOptions): Promise<TaskManager> {
  const { ownerUrl, appUrl, logFolder, otlpUrl, env = {} } = options;
  await ensureWebApp();
  const [apiPort, webPort] = [await freePort(), await freePort()];
  const apiUrl = `http://127.0.0.1:${apiPort}`;
  const webUrl = `http://127.0.0.1:${webPort}`;
  const sessionSecret = randomUUID();
  const all = { OTEL_EXPORTER_OTLP_ENDPOINT: otlpUrl, OTEL_TRACES_SAMPLER_ARG: '1', ...env.all };
  const start = {
    api: () =>
      startProgram({
        name: 'taskmanager-api',
        folder: 'api',
        logFolder,
        env: {
          ...all,
          PORT: String(apiPort),
          DATABASE_URL: appUrl,
          MIGRATION_DATABASE_URL: ownerUrl,
          SESSION_SECRET: sessionSecret,
          ...env.api,
        },
      }),
    worker: () =>
      startProgram({
        name: 'taskmanager-worker',
        folder: 'worker',
        logFolder,
        env: { ...all, DATABASE_URL: appUrl, ...env.worker },
      }),
    web: () =>
      startProgram({
        name: 'taskmanager-web',
        folder: 'web',
        logFolder,
        env: { ...all, PORT: String(webPort), API_URL: apiUrl, ...env.web },
      }),
  };
  const running: Partial<Record<'api' | 'worker' | 'web', Program>> = {};
  const stopAll = async () => {
    // In the order in which nothing is missed: who calls before who is called.
    const ends = [running.web, running.worker, running.api].map((program) => program?.stop());
    const failed = (await Promise.allSettled(ends)).find((end) => end.status === 'rejected');
    if (failed) throw failed.reason;
  };
  try {
    // All at once, as `make up` does: the order of their getting ready is their own affair.
    for (const which of ['api', 'worker', 'web'] as const) running[which] = await start[which]();
    await Promise.all(Object.values(running).map((program) => program.ready()));
  } catch (error) {
    await stopAll();
    throw error;
  }
  const part = (which: 'api' | 'worker' | 'web') => {
    const program = running[which];
    if (!program) throw new Error(`expected ${which} to have been started`);
    return program;
  };
  return {
    get api() {
      return part('api');
    },
    get worker() {
      return part('worker');
    },
    get web() {
      return part('web');
    },
    apiUrl,
    webUrl,
    async restart(which) {
      await part(which).exited;
      running[which] = await start[which]();
      await part(which).ready();
    },
    [Symbol.asyncDispose]: stopAll,
  };
}
