/** A tracing backend that is down, slow or talks nonsense costs spans, which are counted, and nothing else. */
import { once } from 'node:events';
import { createServer, type Socket } from 'node:net';
import {
  createTaskClient,
  freePort,
  type OwnPostgres,
  type Program,
  patiently,
  startLoad,
  startOtlpSink,
  startOwnPostgres,
  startTaskManager,
  type TaskManager,
  temporaryFolder,
} from '@lab/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';

// Many processes on few cores: as long as it takes.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const REQUESTS = 300;

const stack = new AsyncDisposableStack();
let port: number;
let postgres: OwnPostgres;
let taskManager: TaskManager;

beforeAll(async () => {
  const folder = stack.use(await temporaryFolder());
  port = await freePort();
  postgres = stack.use(await startOwnPostgres());
  taskManager = stack.use(
    await startTaskManager({ ...postgres, logFolder: folder.path, otlpUrl: `http://127.0.0.1:${port}` }),
  );
});
afterAll(() => stack.disposeAsync());

/** Takes connections and says `reply` to whatever comes, or nothing at all. */
async function startBackend(reply: string | undefined): Promise<AsyncDisposable> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    // Who gives up on us resets the connection.
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
    socket.on('data', () => reply !== undefined && socket.end(reply));
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    async [Symbol.asyncDispose]() {
      server.close();
      for (const socket of sockets) socket.destroy();
      await once(server, 'close');
    },
  };
}

const lostSpans = async (program: Program) =>
  [...(await program.metrics()).matchAll(/^telemetry_spans_dropped_total\{.*\} (\d+)/gm)].reduce(
    (sum, [, value]) => sum + Number(value),
    0,
  );

/** Some hundred requests through web, with jobs for the worker among them; all must be answered well. */
async function useTheTaskManager(): Promise<void> {
  const clients = Array.from({ length: 4 }, () => createTaskClient(taskManager.webUrl));
  try {
    const accounts = await Promise.all(clients.map((client) => client.signUp()));
    const load = startLoad(clients, (client, turn, number) =>
      turn % 4 === 0
        ? client.call('POST', '/tasks', { json: { title: 'T', assigneeEmail: accounts[number]?.email } })
        : client.call('GET', '/tasks'),
    );
    await patiently('load', () => load.result.answers.length >= REQUESTS);
    const { answers, lost, refused } = await load.stop();
    expect([lost, refused]).toEqual([[], 0]);
    expect(answers.filter((answer) => answer.status >= 300)).toEqual([]);
    await patiently('delivered notifications', async () => {
      const listed = await Promise.all(clients.map((client) => client.call('GET', '/notifications')));
      return listed.every(({ body }) => (body as { items: unknown[] }).items.length > 0);
    });
  } finally {
    for (const client of clients) client[Symbol.dispose]();
  }
}

test.each([
  ['is not there', undefined],
  ['takes the connection and says nothing', { reply: undefined }],
  ['does not speak HTTP', { reply: 'SSH-2.0-OpenSSH_9.9\r\n' }],
  [
    'answers 500 with a page',
    { reply: 'HTTP/1.1 500 Oops\r\nContent-Type: text/html\r\nContent-Length: 4\r\n\r\n<p>!' },
  ],
  [
    'answers 200 with another protocol',
    { reply: `HTTP/1.1 200 OK\r\nContent-Length: 64\r\n\r\n${'\u0001'.repeat(64)}` },
  ],
])('a backend that %s costs no request', async (what, backend) => {
  await using _backend = backend && (await startBackend(backend.reply));
  const programs = [taskManager.api, taskManager.web, taskManager.worker];
  const before = await Promise.all(programs.map(lostSpans));
  await useTheTaskManager();
  // An answer of 200 is a success as far as a client can see.
  if (what.includes('200')) return;
  // Each request made a span in api and in web; some made a job.
  for (const [index, program] of programs.entries()) {
    const least = (before[index] ?? 0) + (program === taskManager.worker ? 1 : REQUESTS);
    await patiently(`${program.name} to count lost spans`, async () => (await lostSpans(program)) >= least);
  }
});

test('spans arrive again once the backend does its work', async () => {
  await using sink = await startOtlpSink(port);
  using client = createTaskClient(taskManager.webUrl);
  const { requestId } = await client.call('GET', '/users/me');
  for (const service of ['taskmanager-web', 'taskmanager-api'])
    await sink.span(
      `of ${service}`,
      (span) => span.serviceName === service && span.attributes['http.request.id'] === requestId,
    );
});

test('a backend that says nothing does not keep anyone from ending in good order', async () => {
  await using _backend = await startBackend(undefined);
  using client = createTaskClient(taskManager.webUrl);
  await client.signUp();
  const start = performance.now();
  const exits = await Promise.all([
    taskManager.web.stop(),
    taskManager.worker.stop(),
    taskManager.api.stop(),
  ]);
  console.log(`all ended ${((performance.now() - start) / 1000).toFixed(1)} s after SIGTERM`);
  expect(exits.map((exit) => exit.code)).toEqual([0, 0, 0]);
});
