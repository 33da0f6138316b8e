/** The console as a real process, on ports and in folders of its own, which outlive it. */
import { once } from 'node:events';
import { mkdirSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { freePort } from './free-port.ts';
import { type Program, startProgram } from './program.ts';
import { temporaryFolder } from './temporary-folder.ts';

export const LAB_TOKEN = 'a-token-for-the-lab';
export const OWN_PAGES = { 'x-requested-with': 'lab-console' };

export interface ConsoleProgram extends AsyncDisposable {
  url: string;
  otlpUrl: string;
  /** Log files put here are followed. */
  logDirectory: string;
  dataDirectory: string;
  /** The present life. */
  program: Program;
  /** Ends this life as told and begins the next one on the same data. */
  restart(how: 'SIGTERM' | 'SIGKILL'): Promise<void>;
  /** Status of a request whose path is sent as it is, dots and all. */
  raw(path: string): Promise<number>;
  get(
    path: string,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: unknown; text: string }>;
  send(
    method: string,
    path: string,
    body: unknown,
    headers?: Record<string, string>,
  ): Promise<{ status: number; headers: Headers; body: unknown; text: string }>;
}

export async function startConsole(env: Readonly<Record<string, string>> = {}): Promise<ConsoleProgram> {
  const folder = await temporaryFolder();
  const logDirectory = join(folder.path, 'logs');
  const dataDirectory = join(folder.path, 'data');
  const ownLogs = join(folder.path, 'own');
  for (const path of [logDirectory, ownLogs]) mkdirSync(path);
  const [port, otlpPort] = [await freePort(), await freePort()];
  const start = async () => {
    const program = await startProgram({
      name: 'lab-console',
      folder: 'console',
      logFolder: ownLogs,
      env: {
        PORT: String(port),
        OTLP_PORT: String(otlpPort),
        LOG_DIR: logDirectory,
        CONSOLE_DATA_DIR: dataDirectory,
        LAB_TOKEN,
        PARTS_FILE: join(import.meta.dirname, '../fixtures/parts.json'),
        // Nobody listens there: what does not need them must work without.
        PROMETHEUS_URL: 'http://127.0.0.1:9',
        ALERTMANAGER_URL: 'http://127.0.0.1:9',
        ...env,
      },
    });
    await program.ready();
    return program;
  };
  const url = `http://127.0.0.1:${port}`;
  const request = async (method: string, path: string, init: RequestInit) => {
    const response = await fetch(url + path, { method, redirect: 'manual', ...init });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: isJson ? JSON.parse(text) : undefined,
    };
  };
  const self: ConsoleProgram = {
    url,
    otlpUrl: `http://127.0.0.1:${otlpPort}`,
    logDirectory,
    dataDirectory,
    program: await start(),
    async restart(how) {
      self.program.kill(how);
      await self.program.exited;
      self.program = await start();
    },
    raw: async (path) => {
      const sent = httpRequest({ host: '127.0.0.1', port, path }).end();
      const [response] = await once(sent, 'response');
      response.resume();
      return response.statusCode;
    },
    get: (path, headers = {}) => request('GET', path, { headers }),
    send: (method, path, body, headers = {}) =>
      request(method, path, {
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    [Symbol.asyncDispose]: async () => {
      await self.program.stop();
      await folder[Symbol.asyncDispose]();
    },
  };
  return self;
}
