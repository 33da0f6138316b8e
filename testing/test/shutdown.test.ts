/** SIGTERM under load, to each server: no request is lost, and no word about any of them. */
import {
  createTaskClient,
  type LogLine,
  type OtlpSink,
  type OwnPostgres,
  type Program,
  patiently,
  startLoad,
  startOtlpSink,
  startOwnPostgres,
  startTaskManager,
  type TaskClient,
  type TaskManager,
  temporaryFolder,
} from '@lab/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

// Many processes on few cores: as long as it takes.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const CLIENTS = 10;
/** Answers before the signal: the load is in full swing. */
const WARM = 400;

const stack = new AsyncDisposableStack();
let sink: OtlpSink;
let postgres: OwnPostgres;
let taskManager: TaskManager;

beforeAll(async () => {
  const folder = stack.use(await temporaryFolder());
  sink = stack.use(await startOtlpSink());
  postgres = stack.use(await startOwnPostgres());
  taskManager = stack.use(await startTaskManager({ ...postgres, logFolder: folder.path, otlpUrl: sink.url }));
});
afterAll(() => stack.disposeAsync());

/** Clients that are logged in, on connections that stay. */
async function signedUp(origin: string): Promise<TaskClient[]> {
  const clients = Array.from({ length: CLIENTS }, () => createTaskClient(origin));
  await Promise.all(clients.map((client) => client.signUp()));
  return clients;
}

/** One write in four, as it is with people. */
const readAndWrite = (client: TaskClient, turn: number) =>
  turn % 4 === 0
    ? client.call('POST', '/tasks', { json: { title: `Task of turn ${turn}` } })
    : client.call('GET', '/tasks?limit=5');

/** Some never stop, so that requests are under way when the signal comes; the others' connections are idle then. */
const thinkMs = (number: number) => 10 * number;

/** The records of one life of a program. */
const linesOf = async (program: Program) =>
  (await program.logLines()).filter((line) => line['service.instance.id'] === program.instanceId);

const accessIds = (lines: LogLine[]) =>
  lines.filter((line) => line['event.action'] === 'http_request').map((line) => line['http.request.id']);

describe.each(['api', 'web'] as const)('SIGTERM to %s under load', (which) => {
  test('loses no request, no access line, no span, and no number in the sequence of its records', async () => {
    const program = taskManager[which];
    sink.clear();
    const clients = await signedUp(which === 'api' ? taskManager.apiUrl : taskManager.webUrl);
    const load = startLoad(clients, readAndWrite, thinkMs);
    await patiently('load', () => load.result.answers.length > WARM);
    program.kill('SIGTERM');
    const signalledAt = performance.now();
    const exit = await program.exited;
    const took = performance.now() - signalledAt;
    const { answers, lost, refused } = await load.stop();
    for (const client of clients) client[Symbol.dispose]();

    expect(exit).toEqual({ code: 0, signal: null });
    expect(lost).toEqual([]);
    // Whoever came too late was turned away at the door.
    expect(refused).toBeGreaterThan(0);
    const late = answers.filter((answer) => answer.at > signalledAt);
    expect(late.length).toBeGreaterThan(0);
    expect(late.filter((answer) => answer.status >= 300).map((answer) => answer.status)).toEqual([]);

    const lines = await linesOf(program);
    const acknowledged = answers.map((answer) => answer.requestId);
    const logged = accessIds(lines);
    expect(missing(acknowledged, logged)).toEqual([]);
    expect(new Set(logged).size).toBe(logged.length);
    const sequence = lines.map((line) => line['event.sequence']);
    expect(sequence).toEqual(sequence.map((_, index) => index + 1));

    const traced = sink.spans
      .filter((span) => span.kind === 'server' && span.resource['service.instance.id'] === program.instanceId)
      .map((span) => span.attributes['http.request.id']);
    expect(missing(acknowledged, traced)).toEqual([]);
    console.log(`${which}: ${answers.length} answers, exit ${took.toFixed(0)} ms after SIGTERM`);
    await taskManager.restart(which);
  });
});

test('SIGTERM to api under load through web: every request is answered, and after its restart all is well again', async () => {
  const clients = await signedUp(taskManager.webUrl);
  const web = taskManager.web;
  const load = startLoad(clients, readAndWrite, thinkMs);
  await patiently('load', () => load.result.answers.length > WARM);
  const first = taskManager.api;
  first.kill('SIGTERM');
  expect((await first.exited).code).toBe(0);
  await patiently('web says that the api is away', () =>
    load.result.answers.some((answer) => answer.status === 503),
  );
  await taskManager.restart('api');
  const restartedAt = performance.now();
  await patiently('answers of the new api', () => {
    const last = load.result.answers.slice(-100);
    return last.every((answer) => answer.at > restartedAt && answer.status < 300);
  });
  const { answers, lost, refused } = await load.stop();
  for (const client of clients) client[Symbol.dispose]();

  expect(lost).toEqual([]);
  expect(refused).toBe(0);
  const failed = answers.filter((answer) => answer.status >= 300);
  expect([...new Set(failed.map((answer) => answer.status))]).toEqual([503]);
  expect(failed.every((answer) => answer.headers['retry-after'] !== undefined)).toBe(true);
  expect(taskManager.web).toBe(web);
  // What was acknowledged is in the log of the api that did it, old or new.
  const acknowledged = answers.filter((answer) => answer.status < 300).map((answer) => answer.requestId);
  await patiently('a line for each', async () => {
    const logged = accessIds(await first.logLines());
    return missing(acknowledged, logged).length === 0;
  });
});

function missing(wanted: readonly unknown[], there: readonly unknown[]): unknown[] {
  const held = new Set(there);
  return wanted.filter((one) => !held.has(one));
}
