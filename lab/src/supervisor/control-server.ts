/** Lets `lab` ask the supervisor: HTTP and JSON on a socket of the run folder. */
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { ownIdentity } from '../process/process-table.ts';
import { ACTIONS, controlAddress, type Endpoint, endpointFile, type PartAction } from './control.ts';
import type { PartRunner } from './part-runner.ts';
import type { Supervisor } from './supervisor.ts';

export interface ControlServer {
  close(): Promise<void>;
}

export interface ControlServerOptions {
  runFolder: string;
  configuration: string;
  supervisor: Supervisor;
  /** Stops everything and ends the program; called after the request was answered. */
  shutdown(): void;
}

/** Listens, and leaves a note in the run folder that says where; `close` removes both. */
export async function serveControl(options: ControlServerOptions): Promise<ControlServer> {
  const { runFolder } = options;
  const token = randomBytes(24).toString('hex');
  const server = createServer((request, response) => {
    answer(options, token, request).then(
      ({ status, body }) => reply(response, status, body),
      (error: unknown) =>
        reply(response, 400, { error: error instanceof Error ? error.message : String(error) }),
    );
  });
  const wanted = controlAddress(runFolder);
  if ('socketPath' in wanted) {
    await rm(wanted.socketPath, { force: true });
    server.listen(wanted.socketPath);
  } else {
    server.listen(wanted.port, '127.0.0.1');
  }
  await once(server, 'listening');
  const bound = server.address();
  const address = bound !== null && typeof bound === 'object' ? { port: bound.port } : wanted;
  const endpoint: Endpoint = { supervisor: ownIdentity(), address, token };
  await writeFile(endpointFile(runFolder), JSON.stringify(endpoint), { mode: 0o600 });
  return {
    async close() {
      await rm(endpointFile(runFolder), { force: true });
      server.close();
      server.closeAllConnections();
    },
  };
}

async function answer(
  options: ControlServerOptions,
  token: string,
  request: IncomingMessage,
): Promise<{ status: number; body: unknown }> {
  const given = Buffer.from(request.headers.authorization ?? '');
  const expected = Buffer.from(`Bearer ${token}`);
  if (given.length !== expected.length || !timingSafeEqual(given, expected))
    return { status: 401, body: { error: 'expected the token of the run folder' } };
  const { supervisor, configuration } = options;
  const [, resource, name = '', action = ''] = (request.url ?? '').split('/');
  if (request.method === 'GET' && resource === 'status')
    return { status: 200, body: { supervisor: ownIdentity(), configuration, parts: supervisor.status() } };
  if (request.method === 'POST' && resource === 'shutdown') {
    setImmediate(options.shutdown);
    return { status: 202, body: {} };
  }
  if (request.method === 'POST' && resource === 'parts' && isAction(action)) {
    const done = await act(supervisor.runner(decodeURIComponent(name)), action);
    if (done === false) return { status: 409, body: { error: `${name} is not running` } };
    return { status: 200, body: {} };
  }
  return { status: 404, body: { error: 'no such request' } };
}

function isAction(text: string): text is PartAction {
  return (ACTIONS as readonly string[]).includes(text);
}

function act(runner: PartRunner, action: PartAction): unknown {
  return runner[action]();
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
