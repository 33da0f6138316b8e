/** One request, followed through every signal of the three services; and what must be in none of them. */

import { randomUUID } from 'node:crypto';
import {
  createTaskClient,
  type LogLine,
  type OtlpSink,
  type OwnPostgres,
  patiently,
  startOtlpSink,
  startOwnPostgres,
  startTaskManager,
  type TaskManager,
  temporaryFolder,
} from '@lab/testing';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';

// Many processes on few cores: as long as it takes.
vi.setConfig({ testTimeout: 240_000, hookTimeout: 240_000 });

const FAULTS_TOKEN = `faults-${randomUUID()}`;
const SESSION_SECRET = `session-${randomUUID()}`;
const stack = new AsyncDisposableStack();
let sink: OtlpSink;
let postgres: OwnPostgres;
let taskManager: TaskManager;

beforeAll(async () => {
  const folder = stack.use(await temporaryFolder());
  sink = stack.use(await startOtlpSink());
  postgres = stack.use(await startOwnPostgres());
  taskManager = stack.use(
    await startTaskManager({
      ...postgres,
      logFolder: folder.path,
      otlpUrl: sink.url,
      env: {
        all: { LOG_LEVEL: 'debug', FAULTS_ENABLED: 'true', FAULTS_TOKEN },
        api: { SESSION_SECRET },
      },
    }),
  );
});
afterAll(() => stack.disposeAsync());

const programs = () => [taskManager.api, taskManager.worker, taskManager.web];

describe('one request', () => {
  let requestId: string;
  let traceId: string;

  beforeAll(async () => {
    using owner = createTaskClient(taskManager.webUrl);
    using assignee = createTaskClient(taskManager.webUrl);
    await owner.signUp();
    const { email } = await assignee.signUp();
    const created = await owner.call('POST', '/tasks', { json: { title: 'Followed through the system' } });
    const { id } = created.body as { id: string };
    // The only PATCH of this run, so that its series hold nothing but it.
    const patched = await owner.call('PATCH', `/tasks/${id}`, {
      json: { assigneeEmail: email },
      headers: { 'if-match': String(created.headers.etag) },
    });
    expect(patched.status).toBe(200);
    requestId = patched.requestId;
    const delivered = await patiently('the notification of the assignee', async () => {
      const { body } = await assignee.call('GET', '/notifications');
      return (body as { items: unknown[] }).items[0];
    });
    expect(delivered).toMatchObject({
      kind: 'task_assigned',
      taskId: id,
      taskTitle: 'Followed through the system',
    });
    const entry = await sink.span(
      'of web, with the request id',
      (span) => span.serviceName === 'taskmanager-web' && span.attributes['http.request.id'] === requestId,
    );
    traceId = entry.traceId;
  });

  test('is one trace from web through api to Postgres', async () => {
    const of = (service: string, kind: string, name: string) =>
      sink.span(
        `${service} ${kind} ${name}`,
        (span) =>
          span.traceId === traceId &&
          span.serviceName === service &&
          span.kind === kind &&
          span.name.startsWith(name),
      );
    const entry = await of('taskmanager-web', 'server', 'PATCH /api/*');
    const call = await of('taskmanager-web', 'client', 'PATCH');
    const api = await of('taskmanager-api', 'server', 'PATCH /api/v1/tasks/:id');
    const statement = await of('taskmanager-api', 'client', 'UPDATE');
    expect(entry.parentSpanId).toBeUndefined();
    expect(call.parentSpanId).toBe(entry.spanId);
    expect(api.parentSpanId).toBe(call.spanId);
    expect(statement.parentSpanId).toBe(api.spanId);
    expect(statement.attributes).toMatchObject({
      'db.system.name': 'postgresql',
      'db.namespace': 'taskmanager',
    });
    expect(api.attributes).toMatchObject({
      'http.request.id': requestId,
      'http.route': '/api/v1/tasks/:id',
      'http.response.status_code': 200,
    });
    for (const span of [entry, call, api, statement])
      expect(span.resource).toMatchObject({
        'deployment.environment.name': 'lab',
        'service.version': '0.1.0',
      });
    expect(entry.resource['service.instance.id']).toBe(taskManager.web.instanceId);
    expect(api.resource['service.instance.id']).toBe(taskManager.api.instanceId);
  });

  test('leads on through the queue to the worker, whose span links back to it', async () => {
    const consumer = await sink.span(
      'of the worker, linked',
      (span) =>
        span.serviceName === 'taskmanager-worker' && span.links.some((link) => link.traceId === traceId),
    );
    expect(consumer).toMatchObject({
      kind: 'consumer',
      name: 'process notification',
      status: { code: 'unset' },
    });
    const producers = sink.spans.filter((span) => span.traceId === traceId).map((span) => span.spanId);
    expect(producers).toContain(consumer.links[0]?.spanId);
    const statement = await sink.span(
      'of the worker, in the database',
      (span) =>
        span.traceId === consumer.traceId &&
        span.kind === 'client' &&
        span.serviceName === 'taskmanager-worker',
    );
    expect(statement.parentSpanId).toBe(consumer.spanId);
  });

  test('has its id in an access line of web and api, and in the line of its job', async () => {
    const access = (lines: LogLine[]) =>
      lines.filter(
        (line) => line['http.request.id'] === requestId && line['event.action'] === 'http_request',
      );
    for (const [program, route] of [
      [taskManager.web, '/api/*'],
      [taskManager.api, '/api/v1/tasks/:id'],
    ] as const) {
      const line = await patiently(`its access line in ${program.name}`, async () => {
        const found = access(await program.logLines());
        return found.length > 0 ? found : undefined;
      });
      expect(line).toEqual([
        expect.objectContaining({
          'trace.id': traceId,
          'service.name': program.name,
          'http.request.method': 'PATCH',
          'http.route': route,
          'http.response.status_code': 200,
        }),
      ]);
    }
    const job = await patiently('the line of the job', async () =>
      (await taskManager.worker.logLines()).find((line) => line['job.producer.trace.id'] === traceId),
    );
    expect(job).toMatchObject({ 'service.name': 'taskmanager-worker', 'job.queue': 'notification' });
    // The job's own trace is the linked one: from its line a click leads to the consumer's span.
    const consumer = sink.spans.find(
      (span) => span.kind === 'consumer' && span.links[0]?.traceId === traceId,
    );
    expect(job['trace.id']).toBe(consumer?.traceId);
  });

  test('is the exemplar of its series, in web and in api', async () => {
    const series = 'http_request_duration_seconds_bucket';
    for (const [program, route] of [
      [taskManager.web, '/api/*'],
      [taskManager.api, '/api/v1/tasks/:id'],
    ] as const) {
      const exemplars = (await program.metrics())
        .split('\n')
        .filter(
          (line) =>
            line.startsWith(series) && line.includes('method="PATCH"') && line.includes(`route="${route}"`),
        )
        .flatMap((line) => line.split(' # ').slice(1));
      expect(exemplars, program.name).toEqual([expect.stringContaining(`trace_id="${traceId}"`)]);
    }
    expect(await taskManager.api.metrics()).toMatch(
      new RegExp(
        `database_operation_duration_seconds_bucket\\{.*operation="update".*# \\{trace_id="${traceId}"`,
      ),
    );
  });
});

describe('a secret', () => {
  test('that was used anywhere in the run is in no log line, no output and no span', async () => {
    using client = createTaskClient(taskManager.webUrl);
    const account = await client.signUp();
    const secret = (what: string) => `${what}-${randomUUID()}`;
    const used: Record<string, string> = {
      password: account.password,
      cookie: client.cookie.slice(client.cookie.indexOf('=') + 1),
    };
    used['session id'] =
      decodeURIComponent(used['cookie'] ?? '')
        .split('.')[0]
        ?.replace(/^s:/, '') ?? '';
    const use = (what: string) => {
      used[what] = secret(what.replaceAll(' ', '-'));
      return used[what];
    };
    const login = (json: unknown) => client.call('POST', '/users/login', { json });
    await login({ email: account.email, password: use('wrong password') });
    await login({ email: account.email, password: { nested: use('password in an object') } });
    await login({ email: account.email, passwort: use('password under another name'), password: 'x' });
    await client.call('POST', '/users/login', { text: `{"password": "${use('password in bad JSON')}", ` });
    await client.call('POST', '/users', {
      json: { email: 'not an address', displayName: '', password: use('password of a refused registration') },
    });
    await client.call(
      'GET',
      `/tasks?password=${use('password in the query')}&token=${use('token in the query')}`,
    );
    await client.call('GET', '/tasks', { headers: { authorization: `Bearer ${use('bearer token')}` } });
    await client.call('GET', '/tasks', {
      headers: { cookie: `taskmanager.sid=s%3A${use('forged cookie')}` },
    });
    await client.call('GET', '/nowhere', { headers: { 'x-api-key': use('api key') } });
    await client.call('POST', '/users/logout');
    for (const { managementUrl } of programs()) {
      const headers = { authorization: `Bearer ${use('wrong fault token')}` };
      await (await fetch(`${managementUrl}/faults`, { headers })).arrayBuffer();
      await (
        await fetch(`${managementUrl}/faults`, { headers: { authorization: `Bearer ${FAULTS_TOKEN}` } })
      ).arrayBuffer();
    }
    const secrets = new Map([
      ...Object.entries(used),
      ['fault token', FAULTS_TOKEN],
      ['session secret', SESSION_SECRET],
      ...postgres.passwords.map((password, index) => [`database password ${index}`, password] as const),
      ['password hash', '$argon2'],
    ]);
    expect([...secrets.values()].filter((value) => value.length < 7)).toEqual([]);

    const { requestId } = await client.call('GET', '/last-request');
    await sink.span(
      'of the last request, in api',
      (span) => span.serviceName === 'taskmanager-api' && span.attributes['http.request.id'] === requestId,
    );
    await patiently('its line, and with it all before', async () =>
      (await taskManager.api.logLines()).some((line) => line['http.request.id'] === requestId),
    );
    const places: [string, string][] = [
      [
        'spans',
        JSON.stringify(sink.spans, (_key, value) => (typeof value === 'bigint' ? String(value) : value)),
      ],
    ];
    for (const program of programs()) {
      places.push([`log of ${program.name}`, JSON.stringify(await program.logLines())]);
      places.push([`output of ${program.name}`, program.output()]);
      places.push([`metrics of ${program.name}`, await program.metrics()]);
    }
    const found = places.flatMap(([place, text]) =>
      [...secrets].filter(([, value]) => text.includes(value)).map(([what]) => `${what} in ${place}`),
    );
    expect(found).toEqual([]);
    expect(sink.problems).toEqual([]);
  });
});
